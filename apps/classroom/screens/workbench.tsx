/** @jsxImportSource solid-js */
/** The table on which a run lies: the panes around one stage, wide as in the drawings, narrow with tabs. */
import { createSignal, For, type JSX, lazy, Match, onCleanup, Show, Suspense, Switch } from 'solid-js';
import {
  Arena,
  Beliefs,
  Counters,
  Inspector,
  type LiveEdge,
  MessageLog,
  Narrator,
  SpaceTime,
} from '../panes/index.js';
import type { Stage } from '../stage.js';
import { watchRules } from './rule-watch.js';
import type { Run } from './run.js';
import type { PaneName } from './stage-keys.js';
import { Transport } from './transport.jsx';

const StatechartPane = lazy(async () => ({ default: (await import('../charts/index.js')).StatechartPane }));

/** Below this many CSS pixels everything but the arena is a tab. */
export const NARROW_PX = 900;

export interface WorkbenchProps {
  readonly stage: Stage;
  readonly run?: Run | undefined;
  /** What stands on the left: the lesson, the builder, the files. */
  readonly column?: JSX.Element;
  readonly columnName: string;
  /** Takes the place of the space-time diagram: two of them, say. */
  readonly instead?: JSX.Element;
  readonly panes: Panes;
  /** One more pane beside the statechart and the inspector, made when somebody looks: what is measured, say. */
  readonly figures?: (() => JSX.Element) | undefined;
  /** Where the live edge is: given where a recording goes on. */
  readonly edge?: LiveEdge | undefined;
  /** Something is being done to what is shown, that people should not forget: a red frame around it all. */
  readonly isAlarmed?: boolean;
  readonly onCompare?: ((branch: string | null) => void) | undefined;
  readonly compared?: string | null | undefined;
}

/** Which panes are in view, where there is no room for all. */
export function createPanes(first: Tab = 'column') {
  const [tab, setTab] = createSignal<Tab>(first);
  const [dock, setDock] = createSignal<Dock>('chart');
  const [actor, setActor] = createSignal<string | null>(null);
  let element: HTMLElement | undefined;
  return {
    tab,
    setTab,
    dock,
    setDock,
    actor,
    setActor,
    hold: (one: HTMLElement) => {
      element = one;
    },
    /** Brings a pane into view, and the focus to it. */
    show: (pane: PaneName) => {
      if (pane === 'chart') setDock('chart');
      setTab(pane);
      queueMicrotask(() => {
        const place = element?.querySelector<HTMLElement>(`[data-pane="${pane}"]`);
        place?.scrollIntoView({ block: 'nearest' });
        place?.querySelector<HTMLElement>('input, [tabindex="0"], button')?.focus();
      });
    },
  };
}

export type Panes = ReturnType<typeof createPanes>;

const TABS = {
  column: '',
  'space-time': 'Space-time',
  chart: 'Statechart',
  log: 'Log',
  beliefs: 'Beliefs',
  counters: 'Counters',
  inspector: 'Inspector',
  figures: 'Figures',
} as const;
type Tab = keyof typeof TABS;
type Dock = 'chart' | 'inspector' | 'figures';

export function Workbench(props: WorkbenchProps) {
  const isNarrow = createNarrow();
  watchRules(props.stage);
  return (
    <div
      class="workbench"
      classList={{ alarmed: props.isAlarmed === true }}
      ref={(element) => props.panes.hold(element)}
    >
      <Show when={!isNarrow()} fallback={<Narrow {...props} />}>
        <Wide {...props} />
      </Show>
    </div>
  );
}

function createNarrow(): () => boolean {
  const query = matchMedia(`(max-width: ${NARROW_PX - 1}px)`);
  const [isNarrow, setNarrow] = createSignal(query.matches);
  const follow = () => setNarrow(query.matches);
  query.addEventListener('change', follow);
  onCleanup(() => query.removeEventListener('change', follow));
  return isNarrow;
}

function Wide(props: WorkbenchProps) {
  return (
    <div
      class="wide"
      classList={{
        'without-column': props.column === undefined,
        comparing: props.instead !== undefined,
        'with-space-time': props.panes.tab() === 'space-time',
      }}
    >
      <Show when={props.column}>
        <div class="place-column">{props.column}</div>
      </Show>
      <div class="place-arena" data-pane="arena">
        <Arena stage={props.stage} />
      </div>
      <div class="place-dock" data-pane="chart">
        <DockPane {...props} />
      </div>
      <div class="place-space-time" data-pane="space-time">
        <Show when={props.instead} fallback={<SpaceTime stage={props.stage} />}>
          {props.instead}
        </Show>
      </div>
      <div class="place-transport">
        <Narrator stage={props.stage} />
        <Transport {...props} />
      </div>
      <div class="foot">
        <div class="place-log" data-pane="log">
          <MessageLog stage={props.stage} />
        </div>
        <div class="place-beliefs" data-pane="beliefs">
          <Beliefs stage={props.stage} />
        </div>
        <div class="place-counters" data-pane="counters">
          <Counters stage={props.stage} />
        </div>
      </div>
    </div>
  );
}

function Narrow(props: WorkbenchProps) {
  const tabs = () =>
    (Object.keys(TABS) as Tab[]).filter(
      (tab) => !(tab === 'column' || tab === 'figures') || props[tab] !== undefined,
    );
  const current = () => (tabs().includes(props.panes.tab()) ? props.panes.tab() : 'space-time');
  return (
    <div class="narrow">
      <div class="place-arena" data-pane="arena">
        <Arena stage={props.stage} />
      </div>
      <div class="place-transport">
        <Narrator stage={props.stage} />
        <Transport {...props} />
      </div>
      <div class="tabs" role="tablist" aria-label="Panes">
        <For each={tabs()}>
          {(tab) => (
            <button
              type="button"
              role="tab"
              id={`tab-${tab}`}
              class="quiet"
              aria-selected={current() === tab}
              aria-controls="pane-in-view"
              onClick={() => props.panes.setTab(tab)}
            >
              {tab === 'column' ? props.columnName : TABS[tab]}
            </button>
          )}
        </For>
      </div>
      <div
        id="pane-in-view"
        role="tabpanel"
        aria-labelledby={`tab-${current()}`}
        data-pane={current()}
        class="place-tab"
      >
        <TabPane {...props} tab={current()} />
      </div>
    </div>
  );
}

function TabPane(props: WorkbenchProps & { readonly tab: Tab }) {
  const pane = () => {
    switch (props.tab) {
      case 'column':
        return props.column;
      case 'space-time':
        return props.instead ?? <SpaceTime stage={props.stage} />;
      case 'chart':
        return <ChartPane {...props} />;
      case 'log':
        return <MessageLog stage={props.stage} />;
      case 'beliefs':
        return <Beliefs stage={props.stage} />;
      case 'counters':
        return <Counters stage={props.stage} />;
      case 'inspector':
        return <Inspector stage={props.stage} />;
      case 'figures':
        return <FiguresPane {...props} />;
    }
  };
  return <>{pane()}</>;
}

function ChartPane(props: WorkbenchProps) {
  return (
    <Suspense fallback={<p class="waiting">Drawing the charts …</p>}>
      <StatechartPane stage={props.stage} actor={props.panes.actor()} onActor={props.panes.setActor} />
    </Suspense>
  );
}

function FiguresPane(props: WorkbenchProps) {
  return <Suspense fallback={<p class="waiting">One moment …</p>}>{props.figures?.()}</Suspense>;
}

function DockPane(props: WorkbenchProps) {
  const choose = (dock: Dock, words: string) => (
    <button
      type="button"
      aria-pressed={props.panes.dock() === dock}
      onClick={() => props.panes.setDock(dock)}
    >
      {words}
    </button>
  );
  return (
    <>
      <fieldset class="dock-tabs" aria-label="Shown here">
        {choose('chart', 'Statechart')}
        {choose('inspector', 'Inspector')}
        <Show when={props.figures}>{choose('figures', 'Figures')}</Show>
      </fieldset>
      <Switch>
        <Match when={props.panes.dock() === 'chart'}>
          <ChartPane {...props} />
        </Match>
        <Match when={props.panes.dock() === 'inspector'}>
          <Inspector stage={props.stage} />
        </Match>
        <Match when={props.panes.dock() === 'figures'}>
          <FiguresPane {...props} />
        </Match>
      </Switch>
    </>
  );
}

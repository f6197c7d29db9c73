/** @jsxImportSource solid-js */
/** The log: a line for every event worth one, of which only those in sight are on the page. */
import { createEffect, createMemo, createSignal, Index, on, onCleanup, Show, untrack } from 'solid-js';
import { FILTER_FIELDS, parseFilter, placeAbove } from '../history/index.js';
import type { Stage } from '../stage.js';
import { classes } from './classes.js';
import { Glyph, secondsOf } from './kinds.js';
import { createListing, type LogRow, rowOf } from './log-rows.js';
import { createSize } from './size.js';
import './message-log.css';

/** Every line is as high, CSS pixels. */
const LINE = 26;
const BEYOND = 4;

export function MessageLog(props: { readonly stage: Stage }) {
  const { stage } = props;
  const parsed = createMemo(() => parseFilter(stage.filter()));
  const listing = createListing();
  const rows = createMemo(() => listing(stage.history(), stage.filter(), parsed()));
  const error = () => {
    const read = parsed();
    return read.ok ? null : read.error;
  };
  return (
    <section class="panel message-log" aria-labelledby="log-title">
      <div class="panel-head">
        <h2 id="log-title">Message log</h2>
        <input
          type="search"
          class="filter"
          aria-label={`Filter: ${FILTER_FIELDS.join(', ')}, lost, heartbeat, or any word`}
          placeholder="type:OK from:5 lost state:candidate"
          value={stage.filter()}
          aria-invalid={error() !== null}
          aria-describedby="filter-error"
          onInput={(event) => stage.setFilter(event.currentTarget.value)}
        />
      </div>
      <p id="filter-error" class="filter-error" role="status">
        {error()}
      </p>
      <Lines stage={stage} indices={rows().indices} isFiltered={stage.filter().trim() !== ''} />
    </section>
  );
}

interface LinesProps {
  readonly stage: Stage;
  readonly indices: readonly number[];
  readonly isFiltered: boolean;
}

function Lines(props: LinesProps) {
  const { stage } = props;
  const [size, watch] = createSize({ width: 400, height: 200 });
  const [top, setTop] = createSignal(0);
  let scroll: HTMLDivElement | undefined;
  const first = () => Math.max(0, Math.floor(top() / LINE) - BEYOND);
  const count = () => Math.ceil(size().height / LINE) + 2 * BEYOND;
  const shown = createMemo(() =>
    props.indices.slice(first(), first() + count()).flatMap((index) => rowOf(stage.history(), index) ?? []),
  );
  /** The place among the lines of the last event that has happened. */
  const here = createMemo(() => placeAbove(props.indices, stage.index(), (index) => index) - 1);
  let jump = 0;
  onCleanup(() => cancelAnimationFrame(jump));
  createEffect(
    on([here, () => props.isFiltered], ([line]) => {
      cancelAnimationFrame(jump);
      const y = line * LINE;
      const { height } = size();
      const above = untrack(top);
      if (y >= above && y <= above + height - 2 * LINE) return;
      const next = Math.max(0, Math.round(y - height * 0.6));
      // Now the page would have to be laid out for it, in the middle of what all panes change.
      jump = requestAnimationFrame(() => {
        if (scroll === undefined) return;
        scroll.scrollTop = next;
        setTop(scroll.scrollTop);
      });
    }),
  );
  const go = (line: number) => {
    const index = props.indices[Math.min(props.indices.length - 1, Math.max(0, line))];
    if (index !== undefined) pick(stage, index);
  };
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (step !== undefined) go(here() + step);
    else if (event.key === 'Enter') openActions(stage, props.indices[here()], scroll);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/useAriaActivedescendantWithTabindex: it has one, in the spelling of Solid
    <div
      class="log-scroll"
      ref={(element) => {
        scroll = element;
        watch(element);
      }}
      role="listbox"
      tabindex="0"
      aria-label="Events; arrows move the playhead, Enter shows what can be done"
      aria-activedescendant={here() >= 0 ? `line-${props.indices[here()]}` : undefined}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={press}
    >
      <div class="log-lines" style={{ height: `${props.indices.length * LINE}px` }}>
        <div style={{ transform: `translateY(${first() * LINE}px)` }}>
          <Index each={shown()}>
            {(row) => <Line stage={stage} row={row()} isHere={row().index === props.indices[here()]} />}
          </Index>
        </div>
      </div>
      <Show when={props.indices.length === 0}>
        {/* A list without an option is none. */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: the list is focused, its lines are not */}
        <div class="empty" role="option" aria-selected="false">
          {props.isFiltered ? 'Nothing passes this filter.' : 'Nothing has happened yet.'}
        </div>
      </Show>
    </div>
  );
}

function Line(props: { readonly stage: Stage; readonly row: LogRow; readonly isHere: boolean }) {
  const isAhead = () => props.row.index > props.stage.index();
  const isPointed = () => props.row.message !== null && props.stage.pointer().message === props.row.message;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list answers to keys as a whole
    // biome-ignore lint/a11y/useFocusableInteractive: the list is focused, its lines are not
    <div
      id={`line-${props.row.index}`}
      class={classes(`log-line line-${props.row.look}`, {
        here: props.isHere,
        ahead: isAhead(),
        pointed: isPointed(),
      })}
      role="option"
      aria-selected={props.isHere}
      onClick={() => pick(props.stage, props.row.index)}
      onPointerEnter={() => props.stage.point({ message: props.row.message, event: props.row.index })}
      onPointerLeave={() => props.stage.point({})}
      onContextMenu={(event) => {
        const { message } = props.row;
        if (message === null || props.stage.act === undefined) return;
        event.preventDefault();
        props.stage.openMenu({ kind: 'message', id: message, x: event.clientX, y: event.clientY });
      }}
    >
      <span class="at">{secondsOf(props.row.at)}</span>
      <b class="who">{props.row.peer}</b>
      <span class="what" title={`${props.row.event} ${props.row.other}`}>
        <Show when={props.row.shape}>{(kind) => <Glyph kind={kind()} />}</Show>
        {props.row.event}
        <Show when={props.row.other}>
          <span class="whom"> {props.row.other}</span>
        </Show>
      </span>
      <span class="why" title={props.row.why}>
        {props.row.why}
      </span>
    </div>
  );
}

function pick(stage: Stage, index: number): void {
  stage.pause();
  stage.seekEvent(index);
  const flight = stage.history().flightOf(index);
  if (flight !== undefined) stage.selectMessage(flight.id);
}

function openActions(stage: Stage, index: number | undefined, near: HTMLElement | undefined): void {
  const flight = index === undefined ? undefined : stage.history().flightOf(index);
  const box = near?.getBoundingClientRect();
  if (flight === undefined || box === undefined || stage.act === undefined) return;
  stage.openMenu({ kind: 'message', id: flight.id, x: box.left + 120, y: box.top + 20 });
}

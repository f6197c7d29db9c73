/** @jsxImportSource solid-js */
/** The arena: peers on a ring or a ladder, and the messages between them, at the playhead. */
import {
  createEffect,
  createMemo,
  createSignal,
  For,
  Index,
  lazy,
  on,
  onMount,
  Show,
  Suspense,
} from 'solid-js';
import type { Stage } from '../stage.js';
import { appearanceOf, sentenceOf } from './appearance.js';
import { createDeck } from './arena-flights.js';
import { createGestures, pathOf } from './arena-gestures.js';
import { ArenaNode } from './arena-node.jsx';
import { Walls } from './arena-walls.jsx';
import { Glyph, type Kind, kindOfFlight, messageInWords } from './kinds.js';
import { planOf, type Size } from './plan.js';
import { createSize } from './size.js';
import { Choice, Toggle } from './switches.jsx';
import './arena.css';

const Menus = lazy(async () => ({ default: (await import('./menus.jsx')).Menus }));

/** From this many peers on, the discs have no words beside them. */
const CROWD = 14;
/** Rungs nearer than this, CSS pixels, leave room for one line of words. */
const TIGHT = 44;
const SIZE_FIRST: Size = { width: 560, height: 380 };

export function Arena(props: { readonly stage: Stage }) {
  const { stage } = props;
  return (
    <section class="panel arena" aria-labelledby="arena-title">
      <div class="panel-head">
        <h2 id="arena-title">Arena</h2>
        <span class="head-space" />
        <Choice
          label="Who looks"
          options={[
            { value: 'god', label: 'all states', key: 'G' },
            { value: 'node', label: 'one process', key: 'G' },
          ]}
          value={stage.view()}
          onChange={stage.setView}
        />
        <Choice
          label="Layout"
          options={[
            { value: 'ring', label: 'Ring', key: 'V' },
            { value: 'ladder', label: 'Ladder', key: 'V' },
          ]}
          value={stage.layout()}
          onChange={stage.setLayout}
        />
      </div>
      <Field stage={stage} />
      <Legend stage={stage} />
      <Show when={stage.menu()}>
        <Suspense>
          <Menus stage={stage} />
        </Suspense>
      </Show>
    </section>
  );
}

function Field(props: { readonly stage: Stage }) {
  const { stage } = props;
  const [size, watch] = createSize(SIZE_FIRST);
  const { ids } = stage;
  const plan = createMemo(() => planOf(ids(), size(), stage.layout()));
  const viewer = () => stage.selectedPeer() ?? ids().at(-1) ?? null;
  const eyes = () => ({ view: stage.view(), viewer: viewer() });
  const gestures = createGestures(stage, plan);
  const [tabStop, setTabStop] = createSignal<string | null>(null);
  const stopAt = () => tabStop() ?? stage.selectedPeer() ?? ids().at(-1) ?? null;
  let layer: SVGGElement | undefined;
  let lanes: SVGGElement | undefined;
  let field: SVGSVGElement | undefined;

  onMount(() => {
    if (layer === undefined || lanes === undefined) return;
    hearMessages(stage, layer);
    const deck = createDeck(stage, layer, lanes, plan, gestures.carried);
    stage.onFrame(deck.draw);
    createEffect(
      on(
        [
          stage.place,
          stage.history,
          plan,
          stage.view,
          stage.heartbeats,
          stage.pointer,
          stage.selectedMessage,
          gestures.carried,
        ],
        () => deck.draw(stage.now()),
      ),
    );
  });

  const walk = (event: KeyboardEvent) => {
    const directions: Readonly<Record<string, number>> = {
      ArrowRight: 1,
      ArrowDown: 1,
      ArrowLeft: -1,
      ArrowUp: -1,
    };
    const step = directions[event.key];
    if (step === undefined || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    const list = stage.layout() === 'ladder' ? ids().toReversed() : ids();
    const here = list.indexOf(stopAt() ?? '');
    const next = list[(here + step + list.length) % list.length];
    if (next === undefined) return;
    setTabStop(next);
    field?.querySelector<SVGGElement>(`[data-peer="${CSS.escape(next)}"]`)?.focus();
  };

  return (
    <div class="field" ref={watch}>
      <svg
        ref={(element) => (field = element)}
        width={size().width}
        height={size().height}
        classList={{ actable: stage.act !== undefined, cutting: stage.isCutting() }}
        onPointerDown={gestures.down}
        onPointerMove={gestures.move}
        onPointerUp={gestures.up}
        onPointerCancel={gestures.cancel}
      >
        <title>Processes and the messages between them</title>
        <path class="orbit" d={plan().line} />
        <Show when={stage.view() === 'god'}>
          <Walls stage={stage} plan={plan()} />
        </Show>
        <g class="lanes" ref={(element) => (lanes = element)} />
        <For each={ids()}>
          {(id) => {
            const face = () => stage.world().peers[id];
            const appearance = createMemo(
              () => appearanceOf(stage.world(), id, eyes(), stage.unheard),
              undefined,
              {
                equals: (one, other) => JSON.stringify(one) === JSON.stringify(other),
              },
            );
            return (
              <Show when={plan().spots.get(id)}>
                {(spot) => (
                  <ArenaNode
                    stage={stage}
                    spot={spot()}
                    appearance={appearance()}
                    face={face()}
                    name={sentenceOf(appearance(), face(), stage.time())}
                    isCrowded={ids().length >= CROWD}
                    isTight={stage.layout() === 'ladder' && size().height / ids().length < TIGHT}
                    isTabStop={stopAt() === id}
                    onKey={walk}
                  />
                )}
              </Show>
            );
          }}
        </For>
        <g
          ref={(element) => {
            layer = element;
          }}
        />
        <Show when={gestures.drawn()}>
          {(gesture) => <path class={`gesture gesture-${gesture().kind}`} d={pathOf(gesture())} />}
        </Show>
      </svg>
      <Show when={stage.history().length === 0}>
        <p class="empty">Nothing has happened yet.</p>
      </Show>
      <Show when={stage.view() === 'node'}>
        <p class="eyes">
          as <b>{viewer()}</b> knows it: messages under way are hidden
        </p>
      </Show>
      <MessageList stage={stage} />
    </div>
  );
}

/** Pointing at a message and clicking it; the list below has a button for each that does the same. */
function hearMessages(stage: Stage, layer: SVGGElement): void {
  const at = ({ target }: Event): string | null =>
    target instanceof Element
      ? (target.closest<SVGGElement>('[data-message]')?.dataset.message ?? null)
      : null;
  layer.addEventListener('pointerover', (event) => stage.point({ message: at(event) }));
  layer.addEventListener('pointerout', () => stage.point({}));
  layer.addEventListener('click', (event) => {
    const id = at(event);
    if (id === null) return;
    stage.selectMessage(id);
    if (stage.act !== undefined) stage.openMenu({ kind: 'message', id, x: event.clientX, y: event.clientY });
  });
}

/** The messages under way, for who does not see them fly; each a button that does what a click on it does. */
function MessageList(props: { readonly stage: Stage }) {
  const { stage } = props;
  const flights = createMemo(() =>
    stage.view() === 'node'
      ? []
      : stage
          .world()
          .aloft.flatMap(({ id }) => stage.history().flight(id) ?? [])
          .filter((flight) => kindOfFlight(flight) !== 'heartbeat')
          .slice(0, 40),
  );
  return (
    <ul class="unseen" aria-label="Messages under way">
      <Index each={flights()} fallback={<li>None</li>}>
        {(flight) => (
          <li>
            <button
              type="button"
              onFocus={() => stage.point({ message: flight().id })}
              onBlur={() => stage.point({})}
              onClick={(event) => {
                stage.selectMessage(flight().id);
                const box = event.currentTarget.closest('.field')?.getBoundingClientRect();
                if (stage.act !== undefined && box !== undefined)
                  stage.openMenu({
                    kind: 'message',
                    id: flight().id,
                    x: box.left + box.width / 2,
                    y: box.top + box.height / 3,
                  });
              }}
            >
              {messageInWords(flight(), stage.time())}
            </button>
          </li>
        )}
      </Index>
    </ul>
  );
}

/** The textbook's words; the arena's labels and the log have every type's own. */
const LEGEND: readonly { readonly kind: Kind; readonly word: string }[] = [
  { kind: 'election', word: 'ELECTION' },
  { kind: 'ok', word: 'OK' },
  { kind: 'coordinator', word: 'COORDINATOR' },
  { kind: 'data', word: 'data' },
  { kind: 'fault', word: 'refusal' },
];

function Legend(props: { readonly stage: Stage }) {
  return (
    <div class="legend">
      <ul aria-label="Shapes of messages">
        <For each={LEGEND}>
          {({ kind, word }) => (
            <li>
              <Glyph kind={kind} /> {word}
            </li>
          )}
        </For>
        <li>
          <svg class="glyph" viewBox="-9 -9 18 18" aria-hidden="true">
            <path class="lost-mark" d="M-7-7L7 7M7-7L-7 7" />
          </svg>{' '}
          lost
        </li>
      </ul>
      <span class="beats">
        <Glyph kind="heartbeat" />
        <Toggle
          label="heartbeats"
          isOn={props.stage.heartbeats()}
          onChange={props.stage.setHeartbeats}
          key="H"
        />
      </span>
    </div>
  );
}

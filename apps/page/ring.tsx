/** @jsxImportSource solid-js */
/** The members on a ring, the highest id at twelve o'clock, and the messages between them. */
import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { createFlightDeck } from './flights.js';
import { placeMembers, type RingPlan, type Size } from './geometry.js';
import { Glyph } from './glyph.jsx';
import type { Live } from './live.js';
import { inWords, Member } from './member.jsx';
import { faceOf, memberIds } from './members.js';
import { Reigns } from './reigns.jsx';
import { KINDS } from './shapes.js';
import { Switch } from './switch.jsx';

/** From this many members on, the discs have no words beside them. */
const CROWD = 13;

export function Ring(props: { readonly live: Live }) {
  const [heartbeats, setHeartbeats] = createSignal(true);
  const [motion, setMotion] = createSignal(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  const facts = props.live.facts;
  return (
    <section class="panel ring" aria-labelledby="ring-title">
      <div class="panel-head">
        <h2 id="ring-title">Members</h2>
        <p class="dim">as peer {facts.status?.id ?? '?'} sees them; its messages, slowed down</p>
      </div>
      <Stage live={props.live} motion={motion()} heartbeats={heartbeats()} />
      <div class="legend">
        <ul aria-label="Messages of this peer since this page was opened">
          <For each={KINDS}>
            {({ kind, word }) => (
              <li>
                <Glyph kind={kind} /> {word} <b>{props.live.narration.counts()[kind]}</b>
              </li>
            )}
          </For>
        </ul>
        <Switch name="heartbeats" on={heartbeats()} onChange={setHeartbeats} />
        <Switch name="motion" on={motion()} onChange={setMotion} />
      </div>
      <Reigns live={props.live} />
    </section>
  );
}

interface StageProps {
  readonly live: Live;
  readonly motion: boolean;
  readonly heartbeats: boolean;
}

function Stage(props: StageProps) {
  const facts = props.live.facts;
  const [size, setSize] = createSignal<Size>({ width: 400, height: 340 });
  const ids = createMemo(() => memberIds(facts.status, facts.beliefs));
  const plan = createMemo(() => placeMembers(ids(), size()));
  const face = (id: string) => faceOf(id, facts.status, facts.beliefs);
  let frame: HTMLDivElement | undefined;
  let layer: SVGSVGElement | undefined;

  onMount(() => {
    if (!frame || !layer) return;
    const deck = createFlightDeck(
      layer,
      (id) => plan().spots.get(id),
      () => !props.motion,
    );
    props.live.narration.onFlight((flight) => {
      if (props.heartbeats || flight.kind !== 'heartbeat') deck.launch(flight);
    });
    onCleanup(deck.clear);
    watchSize(frame, setSize);
  });

  return (
    <div class="stage" ref={frame}>
      <svg width={size().width} height={size().height} aria-hidden="true">
        <Orbit plan={plan()} />
        <For each={ids()}>
          {(id) => (
            <Show when={plan().spots.get(id)}>
              {(spot) => <Member spot={spot()} face={face(id)} crowded={ids().length >= CROWD} />}
            </Show>
          )}
        </For>
      </svg>
      <svg class="sky" width={size().width} height={size().height} aria-hidden="true" ref={layer} />
      <For each={ids()}>{(id) => <p class="unseen">{inWords(face(id))}</p>}</For>
    </div>
  );
}

function Orbit(props: { readonly plan: RingPlan }) {
  return (
    <ellipse
      class="orbit"
      cx={props.plan.centreX}
      cy={props.plan.centreY}
      rx={props.plan.acrossX}
      ry={props.plan.acrossY}
    />
  );
}

function watchSize(element: Element, tell: (size: Size) => void): void {
  const watch = new ResizeObserver(([entry]) => {
    if (entry) tell({ width: entry.contentRect.width, height: entry.contentRect.height });
  });
  watch.observe(element);
  onCleanup(() => watch.disconnect());
}

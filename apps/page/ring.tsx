/** @jsxImportSource solid-js */
/** The members on a ring, the highest id at twelve o'clock, and the messages between them. */
import { createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { createFlightDeck } from './flights.js';
import { placeMembers, type Size, type Spot } from './geometry.js';
import { Glyph } from './glyph.jsx';
import type { Live } from './live.js';
import { faceOf, type MemberFace, memberIds } from './members.js';
import { Reigns } from './reigns.jsx';
import { KINDS } from './shapes.js';

interface RingProps {
  readonly live: Live;
  readonly heartbeats: boolean;
  readonly onHeartbeats: (shown: boolean) => void;
  readonly motion: boolean;
  readonly onMotion: (moving: boolean) => void;
}

export function Ring(props: RingProps) {
  const facts = props.live.facts;
  const ids = createMemo(() => memberIds(facts.status, facts.beliefs));
  return (
    <section class="panel ring" aria-labelledby="ring-title">
      <div class="panel-head">
        <h2 id="ring-title">Members</h2>
        <p class="dim">
          as peer {facts.status?.id ?? '?'} sees them; messages slowed down so that you can see them
        </p>
      </div>
      <Stage live={props.live} ids={ids()} motion={props.motion} heartbeats={props.heartbeats} />
      <ul class="legend">
        <For each={KINDS}>
          {({ kind, word }) => (
            <li>
              <Glyph kind={kind} /> {word}
            </li>
          )}
        </For>
      </ul>
      <div class="switches">
        <label>
          <input
            type="checkbox"
            checked={props.heartbeats}
            onChange={(event) => props.onHeartbeats(event.currentTarget.checked)}
          />
          heartbeats
        </label>
        <label>
          <input
            type="checkbox"
            checked={props.motion}
            onChange={(event) => props.onMotion(event.currentTarget.checked)}
          />
          motion
        </label>
      </div>
      <Reigns live={props.live} />
    </section>
  );
}

function Stage(props: {
  readonly live: Live;
  readonly ids: readonly string[];
  readonly motion: boolean;
  readonly heartbeats: boolean;
}) {
  const [size, setSize] = createSignal<Size>({ width: 400, height: 340 });
  const spots = createMemo(() => placeMembers(props.ids, size()));
  const facts = props.live.facts;
  let frame: HTMLDivElement | undefined;
  let layer: SVGGElement | undefined;

  onMount(() => {
    if (!frame || !layer) return;
    const deck = createFlightDeck(
      layer,
      (id) => spots().get(id),
      () => !props.motion,
    );
    props.live.onFlight((flight) => {
      if (props.heartbeats || flight.type !== 'failure.heartbeat') deck.launch(flight);
    });
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(frame);
    onCleanup(() => {
      watch.disconnect();
      deck.clear();
    });
  });

  return (
    <div class="stage" ref={frame}>
      <svg width={size().width} height={size().height} aria-hidden="true">
        <circle class="orbit" cx={size().width / 2} cy={size().height / 2} r={orbitOf(spots(), size())} />
        <g ref={layer} />
        <For each={props.ids}>
          {(id) => (
            <Show when={spots().get(id)}>
              {(spot) => (
                <Member
                  spot={spot()}
                  face={faceOf(id, facts.status, facts.beliefs)}
                  crowded={props.ids.length > 12}
                />
              )}
            </Show>
          )}
        </For>
      </svg>
      <ul class="unseen">
        <For each={props.ids}>{(id) => <li>{inWords(faceOf(id, facts.status, facts.beliefs))}</li>}</For>
      </ul>
    </div>
  );
}

const inWords = (face: MemberFace): string => `Peer ${face.id}: ${face.word}. ${face.note}`;

function orbitOf(spots: ReadonlyMap<string, Spot>, size: Size): number {
  const [first] = spots.values();
  return first ? Math.hypot(first.x - size.width / 2, first.y - size.height / 2) : 0;
}

function Member(props: { readonly spot: Spot; readonly face: MemberFace; readonly crowded: boolean }) {
  const face = () => props.face;
  const spot = () => props.spot;
  const reach = () => spot().radius + 12;
  const anchor = () => (Math.abs(spot().outX) < 0.3 ? 'middle' : spot().outX > 0 ? 'start' : 'end');
  /** Above at the top, below at the bottom, level with the disc at its sides. */
  const labelY = () => {
    if (anchor() !== 'middle') return spot().outY * reach() - 2;
    return spot().outY < 0 ? -reach() - 18 : reach() + 10;
  };
  const shortId = () => (face().id.length > 5 ? `${face().id.slice(0, 4)}…` : face().id);

  return (
    <g
      class={`member member-${face().look}`}
      classList={{ self: face().isSelf }}
      transform={`translate(${spot().x} ${spot().y})`}
    >
      <title>{inWords(face())}</title>
      <Show when={face().look === 'coordinator'}>
        <circle class="halo" r={spot().radius + 5} />
        <path
          class="crown"
          d="M-10 5V-5L-5 0 0-8 5 0 10-5V5Z"
          transform={`translate(0 ${-spot().radius - 5})`}
        />
      </Show>
      <circle class="disc" r={spot().radius} />
      <text
        class="member-id"
        dy=".36em"
        classList={{ long: face().id.length > 2, small: spot().radius < 16 }}
      >
        {shortId()}
      </text>
      <Show when={face().look === 'suspected'}>
        <path
          class="cross"
          d={`M${-spot().radius * 0.6} ${-spot().radius * 0.6}L${spot().radius * 0.6} ${spot().radius * 0.6}M${spot().radius * 0.6} ${-spot().radius * 0.6}L${-spot().radius * 0.6} ${spot().radius * 0.6}`}
        />
      </Show>
      <Show when={!props.crowded}>
        <text
          class="member-words"
          text-anchor={anchor()}
          x={anchor() === 'middle' ? 0 : spot().outX * reach()}
          y={labelY()}
        >
          <tspan class="member-word">{face().word}</tspan>
          <tspan class="member-note" x={anchor() === 'middle' ? 0 : spot().outX * reach()} dy="1.25em">
            {face().note}
          </tspan>
        </text>
      </Show>
    </g>
  );
}

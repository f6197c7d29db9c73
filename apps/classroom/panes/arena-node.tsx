/** @jsxImportSource solid-js */
/** One peer in the arena: its id, its role as a word and a ring, whom it follows, and how long it still waits. */
import { Show } from 'solid-js';
import type { PeerFace } from '../history/index.js';
import type { Stage } from '../stage.js';
import type { Appearance } from './appearance.js';
import { Arcs } from './arena-arcs.jsx';
import { classes } from './classes.js';
import type { Spot } from './plan.js';

interface NodeProps {
  readonly stage: Stage;
  readonly spot: Spot;
  readonly appearance: Appearance;
  readonly face: PeerFace | undefined;
  readonly name: string;
  /** Leaves all words out where there is no room, or all but the first. */
  readonly isCrowded: boolean;
  readonly isTight: boolean;
  readonly isTabStop: boolean;
  readonly onKey: (event: KeyboardEvent) => void;
}

const ID_CHARACTERS = 6;

export function ArenaNode(props: NodeProps) {
  const radius = () => props.spot.radius;
  const id = () => props.appearance.id;
  const shortId = () => (id().length > ID_CHARACTERS ? `${id().slice(0, ID_CHARACTERS - 1)}…` : id());
  const isSelected = () => props.stage.selectedPeer() === id();
  const menuAt = (x: number, y: number) => {
    if (props.stage.act !== undefined) props.stage.openMenu({ kind: 'peer', id: id(), x, y });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: inside an SVG there is no button element
    <g
      class={classes(`peer look-${props.appearance.look}`, {
        hearsay: props.appearance.isHearsay,
        selected: isSelected(),
      })}
      transform={`translate(${props.spot.x} ${props.spot.y})`}
      role="button"
      tabindex={props.isTabStop ? 0 : -1}
      aria-label={props.name}
      aria-pressed={isSelected()}
      data-peer={id()}
      onClick={() => props.stage.selectPeer(isSelected() ? null : id())}
      onContextMenu={(event) => {
        event.preventDefault();
        menuAt(event.clientX, event.clientY);
      }}
      onFocus={() => props.stage.selectPeer(id())}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && props.stage.act !== undefined) {
          event.preventDefault();
          const box = event.currentTarget.getBoundingClientRect();
          menuAt(box.right, box.top);
        } else props.onKey(event);
      }}
    >
      <title>{props.name}</title>
      <circle class="hit" r={Math.max(20, radius() + 8)} />
      <Show when={isSelected()}>
        <circle class="choice" r={radius() + 13} />
      </Show>
      <circle class="focus-ring" r={radius() + 13} />
      <Show when={props.appearance.look === 'leading'}>
        <circle class="halo" r={radius() + 4.5} />
        <path
          class="crown"
          d="M-9 4V-5L-4.500 0 0-7 4.500 0 9-5V4Z"
          transform={`translate(0 ${-radius() - 9})`}
        />
      </Show>
      <circle class="disc" r={radius()} />
      <Arcs
        stage={props.stage}
        radius={radius()}
        face={props.appearance.isHearsay || props.appearance.look === 'unheard' ? undefined : props.face}
      />
      <text class="peer-id" dy=".36em" classList={{ long: id().length > 2, small: radius() < 16 }}>
        {shortId()}
      </text>
      <Show when={props.appearance.look === 'crashed' || props.appearance.look === 'suspected'}>
        <path class="cross" d={crossOf(radius() * 0.6)} />
      </Show>
      <Show when={props.appearance.look === 'paused'}>
        <g class="asleep" transform={`translate(${radius() * 0.78} ${-radius() * 0.78})`}>
          <circle r="10" />
          <path d="M-3-4.500V4.500M3-4.500V4.500" />
        </g>
      </Show>
      <Show when={props.appearance.term !== null && radius() > 14}>
        <Badge radius={radius()} term={props.appearance.term ?? 0} />
      </Show>
      <Show when={!props.isCrowded}>
        <Words spot={props.spot} appearance={props.appearance} face={props.face} isTight={props.isTight} />
      </Show>
    </g>
  );
}

const crossOf = (reach: number): string =>
  `M${-reach} ${-reach}L${reach} ${reach}M${reach} ${-reach}L${-reach} ${reach}`;
/** The term, as a number: terms have no colours. */
function Badge(props: { readonly radius: number; readonly term: number }) {
  const text = () => `t${props.term}`;
  const width = () => 8 + text().length * 6.4;
  return (
    <g class="term" transform={`translate(${props.radius * 0.74} ${props.radius * 0.82})`}>
      <rect x={-width() / 2} y="-8" width={width()} height="16" rx="8" />
      <text dy=".35em">{text()}</text>
    </g>
  );
}

/** Below the disc at the bottom, beside it elsewhere. */
function Words(props: {
  readonly spot: Spot;
  readonly appearance: Appearance;
  readonly face: PeerFace | undefined;
  readonly isTight: boolean;
}) {
  const side = () => {
    const { outX, outY } = props.spot;
    if (Math.abs(outX) >= 0.3) return Math.sign(outX);
    return outY < 0 ? 1 : 0;
  };
  const anchor = () => (side() === 0 ? 'middle' : side() > 0 ? 'start' : 'end');
  const x = () => side() * (props.spot.radius + 17);
  const y = () => {
    if (side() !== 0) return -2 + props.spot.outY * props.spot.radius * 0.45;
    return props.spot.radius + 26;
  };
  const belief = () => {
    const { follows, id, note } = props.appearance;
    if (note !== '' && !props.isTight) return linesOf(note)[0];
    if (follows === undefined || follows === id || props.isTight) return '';
    return follows === null ? 'leader ?' : `leader ${follows}`;
  };
  const notes = () => {
    const { isMute = false, isDeaf = false } = props.face ?? {};
    if (props.appearance.isHearsay || props.isTight) return '';
    if (props.appearance.note !== '') return linesOf(props.appearance.note)[1];
    return [isMute ? 'mute' : '', isDeaf ? 'deaf' : ''].filter(Boolean).join(', ');
  };
  return (
    <text class="peer-words" text-anchor={anchor()} x={x()} y={y()}>
      <tspan class="peer-word">{props.appearance.word}</tspan>
      <tspan class="peer-belief" classList={{ misled: props.appearance.isMisled }} x={x()} dy="1.25em">
        {belief()}
      </tspan>
      <tspan class="peer-note" x={x()} dy="1.25em">
        {notes()}
      </tspan>
    </text>
  );
}

/** `last heard`, `2.3 s ago`: beside a disc there is no room for both in one line. */
const linesOf = (note: string): readonly [string, string] => {
  const place = note.search(/\d/);
  return place === -1 ? [note, ''] : [note.slice(0, place).trimEnd(), note.slice(place)];
};

/** @jsxImportSource solid-js */
/** One member on the ring: its id, its role as a word and a shape, and whom it follows. */
import { Show } from 'solid-js';
import type { Spot } from './geometry.js';
import type { MemberFace } from './members.js';

interface MemberProps {
  readonly spot: Spot;
  readonly face: MemberFace;
  /** Leaves the words out; the tooltip and the list for screen readers keep them. */
  readonly crowded: boolean;
}

export const inWords = ({ id, word, note }: MemberFace): string =>
  `Peer ${id}: ${note === '' ? word : `${word}, ${note}`}.`;

/** Ids longer than this are cut on the disc. */
const ID_CHARACTERS = 5;

export function Member(props: MemberProps) {
  const id = () => props.face.id;
  const radius = () => props.spot.radius;
  const shortId = () => (id().length > ID_CHARACTERS ? `${id().slice(0, ID_CHARACTERS - 1)}…` : id());
  return (
    <g
      class={`member member-${props.face.look}`}
      classList={{ self: props.face.isSelf }}
      transform={`translate(${props.spot.x} ${props.spot.y})`}
    >
      <title>{inWords(props.face)}</title>
      <Show when={props.face.look === 'coordinator'}>
        <circle class="halo" r={radius() + 5} />
        <path class="crown" d="M-10 5V-5L-5 0 0-8 5 0 10-5V5Z" transform={`translate(0 ${-radius() - 6})`} />
      </Show>
      <circle class="disc" r={radius()} />
      <text class="member-id" dy=".36em" classList={{ long: id().length > 2, small: radius() < 16 }}>
        {shortId()}
      </text>
      <Show when={props.face.look === 'suspected'}>
        <path class="cross" d={crossOf(radius() * 0.62)} />
      </Show>
      <Show when={!props.crowded}>
        <Words spot={props.spot} face={props.face} />
      </Show>
    </g>
  );
}

const crossOf = (reach: number): string =>
  `M${-reach} ${-reach}L${reach} ${reach}M${reach} ${-reach}L${-reach} ${reach}`;

/** Above the disc at the top, below it at the bottom, level with it at the sides. */
function Words(props: { readonly spot: Spot; readonly face: MemberFace }) {
  const side = () => (Math.abs(props.spot.outX) < 0.3 ? 0 : Math.sign(props.spot.outX));
  const anchor = () => (side() === 0 ? 'middle' : side() > 0 ? 'start' : 'end');
  const x = () => side() * (props.spot.radius + 10);
  const y = () => {
    if (side() !== 0) return props.spot.outY * props.spot.radius * 0.5;
    return props.spot.outY < 0 ? -props.spot.radius - 33 : props.spot.radius + 22;
  };
  return (
    <text class="member-words" text-anchor={anchor()} x={x()} y={y()}>
      <tspan class="member-word">{props.face.word}</tspan>
      <tspan class="member-note" x={x()} dy="1.2em">
        {props.face.note}
      </tspan>
    </text>
  );
}

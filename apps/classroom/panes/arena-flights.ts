/** Messages on their way, drawn outside the framework: one loop, pooled shapes, and positions that are functions of time. */
import { type Flight, isRoutine } from '../history/index.js';
import type { Stage } from '../stage.js';
import type { Carried } from './arena-carry.js';
import {
  drawShape,
  type Kind,
  kindOfFlight,
  labelOf,
  lengthInWords,
  progressOf,
  reachOf,
  still,
} from './kinds.js';
import { alongLane, laneBetween, type Plan } from './plan.js';

const SVG = 'http://www.w3.org/2000/svg';
/** A loss is shown for so long, real ms. */
const BURST_MS = 250;
/** With more messages than this in the air only those pointed at have their label. */
const LABELS_MOST = 6;
/** The hit area of a message, CSS pixels across. */
const HIT = 32;

interface Drawn {
  readonly kind: Kind;
  readonly group: SVGGElement;
  readonly lane: SVGLineElement;
  readonly label: SVGTextElement;
  look: string;
}

export interface Deck {
  readonly draw: (now: number) => void;
  readonly clear: () => void;
}

/**
 * @param layer - for the shapes; `lanes` lies below the peers.
 * @param planOf - where everybody stands now.
 * @param carried - the message that somebody is carrying.
 */
export function createDeck(
  stage: Stage,
  layer: SVGGElement,
  lanes: SVGGElement,
  planOf: () => Plan,
  carried: () => Carried | null,
): Deck {
  const drawn = new Map<string, Drawn>();
  /** Shapes that nothing uses just now, by kind. */
  const spare = new Map<Kind, Drawn[]>();

  const add = (flight: Flight): Drawn => {
    const kind = kindOfFlight(flight);
    const one = spare.get(kind)?.pop() ?? make(kind);
    one.group.dataset.message = flight.id;
    layer.append(one.group);
    lanes.append(one.lane);
    drawn.set(flight.id, one);
    return one;
  };
  const remove = (id: string, one: Drawn) => {
    one.group.remove();
    one.lane.remove();
    drawn.delete(id);
    const list = spare.get(one.kind) ?? [];
    spare.set(one.kind, list);
    list.push(one);
  };
  const make = (kind: Kind): Drawn => {
    const group = document.createElementNS(SVG, 'g');
    const hit = document.createElementNS(SVG, 'circle');
    hit.setAttribute('class', 'hit');
    hit.setAttribute('r', String(HIT / 2));
    const ring = document.createElementNS(SVG, 'circle');
    ring.setAttribute('class', 'choice');
    ring.setAttribute('r', '12');
    const burst = document.createElementNS(SVG, 'path');
    burst.setAttribute('class', 'burst');
    burst.setAttribute('d', 'M-6-6L6 6M6-6L-6 6M0-13V-9M0 9V13M-13 0H-9M9 0H13');
    const label = document.createElementNS(SVG, 'text');
    label.setAttribute('y', '-12');
    group.append(hit, ring, drawShape(kind), burst, label);
    const lane = document.createElementNS(SVG, 'line');
    lane.setAttribute('class', `lane lane-${kind}`);
    return { kind, group, lane, label, look: '' };
  };

  const place = (flight: Flight, now: number, isLost: boolean, labelled: boolean): boolean => {
    const { spots } = planOf();
    const from = spots.get(flight.from);
    const to = spots.get(flight.to);
    if (from === undefined || to === undefined || flight.from === flight.to) return false;
    const one = drawn.get(flight.id) ?? add(flight);
    const hand = carried()?.id === flight.id ? carried() : null;
    const exact = isLost ? reachOf(flight) : progressOf(flight, now);
    const shown = stage.isStill() && !isLost ? still(exact) : exact;
    const { x, y } = alongLane(from, to, hand === null ? shown : Math.max(0, hand.progress));
    one.group.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    const lane = laneBetween(from, to);
    const isPointed = stage.pointer().message === flight.id || stage.selectedMessage() === flight.id;
    const isHeartbeat = isRoutine(flight.type, flight.load);
    const look = `flight${isHeartbeat ? ' beat' : ''}${isLost ? ' lost' : ''}${isPointed ? ' pointed' : ''}${hand ? ' carried' : ''}${labelled && !isHeartbeat ? ' labelled' : ''}`;
    if (one.look !== look) {
      one.look = look;
      one.group.setAttribute('class', look);
    }
    const word = hand === null ? labelOf(flight.type) : arrivalInWords(hand, now);
    if (one.label.textContent !== word) one.label.textContent = word;
    one.lane.setAttribute('x1', lane.fromX.toFixed(1));
    one.lane.setAttribute('y1', lane.fromY.toFixed(1));
    one.lane.setAttribute('x2', lane.toX.toFixed(1));
    one.lane.setAttribute('y2', lane.toY.toFixed(1));
    return true;
  };

  let last: readonly unknown[] = [];
  const draw = (now: number) => {
    // A jump is told twice: as a picture, and as a new place.
    const drawing = [
      now,
      stage.world(),
      planOf(),
      stage.view(),
      stage.heartbeats(),
      stage.pointer(),
      stage.selectedMessage(),
      carried(),
    ];
    if (drawing.every((part, place) => part === last[place])) return;
    last = drawing;
    const seen = new Set<string>();
    if (stage.view() === 'god') {
      const history = stage.history();
      const shown = stage
        .world()
        .aloft.flatMap(({ id }) => history.flight(id) ?? [])
        .filter((flight) => stage.heartbeats() || !isRoutine(flight.type, flight.load));
      const weighty = shown.filter((flight) => !isRoutine(flight.type, flight.load));
      for (const flight of shown)
        if (place(flight, now, false, weighty.length <= LABELS_MOST)) seen.add(flight.id);
      for (const flight of losses(stage, now))
        if (place(flight, now, true, weighty.length <= LABELS_MOST)) seen.add(flight.id);
    }
    for (const [id, one] of drawn) if (!seen.has(id)) remove(id, one);
  };
  return {
    draw,
    clear: () => {
      for (const [id, one] of drawn) remove(id, one);
    },
  };
}

const arrivalInWords = ({ arrival }: Carried, now: number): string =>
  arrival <= now ? 'arrives now' : `arrives in ${lengthInWords(arrival - now)}`;

/** What was lost just now: within a burst's time while it plays, and at the very event when it stands still. */
function losses(stage: Stage, now: number): readonly Flight[] {
  const history = stage.history();
  const { index } = stage.place();
  const lately = now - BURST_MS * stage.speed();
  return history
    .flightsIn(lately, now)
    .filter(
      ({ fate, endAt, endIndex, type, load }) =>
        fate === 'lost' &&
        endAt !== null &&
        endAt >= lately &&
        endIndex !== null &&
        endIndex <= index &&
        (stage.heartbeats() || !isRoutine(type, load)),
    );
}

/** Messages on their way, drawn outside the framework: one animation loop, a bounded pool of shapes. */
import { type Lane, laneBetween, type Spot } from './geometry.js';
import type { Flight } from './narration.js';
import { drawShape, labelOf } from './shapes.js';

/** On loopback a message arrives within a millisecond; people need longer. The page says so. */
const FLIGHT_MS = 900;
const FLIGHTS_MOST = 90;
/** Of one kind on one lane, one per this time is enough to see that there are many. */
const APART_MS = 110;
/** Some thirty pictures a second are smooth enough at this speed, and half the work of sixty. */
const PICTURE_MS = 22;
const PICTURE_STILL_MS = 180;

interface Aloft {
  readonly element: SVGGElement;
  readonly flight: Flight;
  readonly startedAt: number;
}

export interface FlightDeck {
  launch(flight: Flight): void;
  clear(): void;
}

/**
 * @param layer - where the shapes go.
 * @param spotOf - where a member stands now, so that flights follow a ring that is laid out anew.
 * @param still - true to show messages at the start, half-way and arrived, instead of moving them.
 */
export function createFlightDeck(
  layer: SVGElement,
  spotOf: (id: string) => Spot | undefined,
  still: () => boolean,
): FlightDeck {
  let aloft: readonly Aloft[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isNew = createThinning();

  const schedule = () => {
    timer = setTimeout(() => requestAnimationFrame(draw), still() ? PICTURE_STILL_MS : PICTURE_MS);
  };
  const draw = (now: number) => {
    aloft = aloft.filter((one) => {
      const progress = Math.max(0, (now - one.startedAt) / FLIGHT_MS);
      const lane = progress < 1 ? laneOf(one.flight, spotOf) : undefined;
      if (lane) position(one.element, lane, still() ? Math.round(progress * 2) / 2 : progress);
      else one.element.remove();
      return lane !== undefined;
    });
    timer = undefined;
    if (aloft.length > 0) schedule();
  };
  const launch = (flight: Flight) => {
    const lane = laneOf(flight, spotOf);
    const room = flight.kind === 'heartbeat' ? FLIGHTS_MOST / 2 : FLIGHTS_MOST;
    if (!lane || document.hidden || aloft.length >= room || !isNew(flight)) return;
    aloft = [...aloft, { element: drawFlight(flight, lane, layer), flight, startedAt: performance.now() }];
    if (timer === undefined) schedule();
  };
  const clear = () => {
    clearTimeout(timer);
    for (const { element } of aloft) element.remove();
  };
  return { launch, clear };
}

/** Lets one of each kind pass per lane and moment. */
function createThinning(): (flight: Flight) => boolean {
  const launchedAt = new Map<string, number>();
  return ({ kind, from, to }) => {
    const key = `${kind} ${from} ${to}`;
    const now = performance.now();
    if (now - (launchedAt.get(key) ?? 0) < APART_MS) return false;
    launchedAt.set(key, now);
    return true;
  };
}

function laneOf({ from, to }: Flight, spotOf: (id: string) => Spot | undefined): Lane | undefined {
  const start = spotOf(from);
  const end = spotOf(to);
  return start && end && from !== to ? laneBetween(start, end) : undefined;
}

function drawFlight(flight: Flight, lane: Lane, layer: SVGElement): SVGGElement {
  const element = drawShape(flight.kind);
  position(element, lane, 0);
  layer.append(element);
  if (flight.kind === 'heartbeat') return element;
  const label = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  label.setAttribute('y', '-10');
  label.textContent = labelOf(flight.type);
  element.append(label);
  return element;
}

function position(element: SVGGElement, lane: Lane, progress: number): void {
  const x = lane.fromX + (lane.toX - lane.fromX) * progress;
  const y = lane.fromY + (lane.toY - lane.fromY) * progress;
  element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

/** Messages on their way, drawn outside the framework: one animation loop, a bounded pool of shapes. */
import { type Lane, laneBetween, type Spot } from './geometry.js';
import type { Flight } from './live.js';
import { drawShape, labelOf } from './shapes.js';

/** On loopback a message arrives within a millisecond; people need longer. The page says so. */
const FLIGHT_MS = 900;
const FLIGHTS_MOST = 90;
/** Of one kind on one lane, one per this time is enough to see that there are many. */
const APART_MS = 110;

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
  layer: SVGGElement,
  spotOf: (id: string) => Spot | undefined,
  still: () => boolean,
): FlightDeck {
  const aloft: Aloft[] = [];
  const launchedAt = new Map<string, number>();
  let frame = 0;

  const draw = (now: number) => {
    for (let place = aloft.length - 1; place >= 0; place -= 1) {
      const one = aloft[place];
      if (!one) continue;
      const progress = (now - one.startedAt) / FLIGHT_MS;
      const lane = progress < 1 ? laneOf(one.flight) : undefined;
      if (lane) position(one.element, lane, still() ? Math.round(progress * 2) / 2 : Math.max(0, progress));
      else {
        one.element.remove();
        aloft.splice(place, 1);
      }
    }
    frame = aloft.length > 0 ? requestAnimationFrame(draw) : 0;
  };
  const laneOf = ({ from, to }: Flight): Lane | undefined => {
    const start = spotOf(from);
    const end = spotOf(to);
    return start && end && from !== to ? laneBetween(start, end) : undefined;
  };

  return {
    launch: (flight) => {
      const { kind } = flight;
      const now = performance.now();
      const lane = `${kind} ${flight.from} ${flight.to}`;
      if (document.hidden || now - (launchedAt.get(lane) ?? 0) < APART_MS) return;
      if (aloft.length >= (kind === 'heartbeat' ? FLIGHTS_MOST / 2 : FLIGHTS_MOST) || !laneOf(flight)) return;
      launchedAt.set(lane, now);
      const element = drawFlight(flight);
      layer.append(element);
      aloft.push({ element, flight, startedAt: now });
      if (frame === 0) frame = requestAnimationFrame(draw);
    },
    clear: () => {
      cancelAnimationFrame(frame);
      frame = 0;
      for (const { element } of aloft.splice(0)) element.remove();
    },
  };
}

function drawFlight(flight: Flight): SVGGElement {
  const element = drawShape(flight.kind);
  if (flight.kind === 'heartbeat') return element;
  const label = document.createElementNS('http://www.w3.org/2000/svg', 'text');
  label.setAttribute('y', '-10');
  label.textContent =
    labelOf(flight.type) + (flight.count !== null && flight.count > 1 ? ` ×${flight.count}` : '');
  element.append(label);
  return element;
}

function position(element: SVGGElement, lane: Lane, progress: number): void {
  const x = lane.fromX + (lane.toX - lane.fromX) * progress;
  const y = lane.fromY + (lane.toY - lane.fromY) * progress;
  element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
}

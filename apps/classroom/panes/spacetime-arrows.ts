/** Arrows of the diagram, as numbers: where they begin and end, how they are gathered into few paths, and which one is near. */
import { type Cone, type Flight, type History, relationTo } from '../history/index.js';
import { type Kind, kindOfFlight } from './kinds.js';

export interface Arrow {
  readonly flight: Flight;
  readonly kind: Kind;
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly isLost: boolean;
}

export interface Scale {
  /** Where an event stands, from the left edge of what is drawn. Null where it has no place on this axis. */
  readonly x: (ms: number, index: number | null) => number | null;
  readonly y: (peer: string) => number | undefined;
}

/** Lost ones end half-way; those whose end nobody knows go where they were due. */
export function arrowsOf(flights: readonly Flight[], { x, y }: Scale): readonly Arrow[] {
  return flights.flatMap((flight) => {
    const fromY = y(flight.from);
    const toY = y(flight.to);
    const fromX = x(flight.sentAt, flight.sentIndex);
    if (fromY === undefined || toY === undefined || fromX === null || flight.fate === 'silent') return [];
    const end = flight.endAt ?? flight.due;
    const endX = end === null ? null : x(end, flight.endIndex);
    const isLost = flight.fate === 'lost';
    const toX = Math.max(fromX, endX ?? fromX + 14);
    const short = isLost ? 0.5 : 1;
    return [
      {
        flight,
        kind: kindOfFlight(flight),
        fromX,
        fromY,
        toX: fromX + (toX - fromX) * short,
        toY: fromY + (toY - fromY) * short,
        isLost,
      },
    ];
  });
}

/** Arrows that look alike, as one path for their lines and one for their heads. */
export interface Sheaf {
  readonly kind: Kind;
  readonly isLost: boolean;
  readonly isFaint: boolean;
  readonly lines: string;
  readonly heads: string;
}

const HEADS_MOST = 150;
const HEAD = 7;
const HEAD_SMALL = 4;
const CROSS = 4.5;
/** To a tenth of a pixel; much quicker than `toFixed`. */
const round = (value: number): number => Math.round(value * 10) / 10;

function headOf({ fromX, fromY, toX, toY, isLost, kind }: Arrow): string {
  if (isLost)
    return `M${round(toX - CROSS)} ${round(toY - CROSS)}l${2 * CROSS} ${2 * CROSS}m0 ${-2 * CROSS}l${-2 * CROSS} ${2 * CROSS}`;
  const length = Math.hypot(toX - fromX, toY - fromY) || 1;
  const [alongX, alongY] = [(toX - fromX) / length, (toY - fromY) / length];
  const size = kind === 'heartbeat' ? HEAD_SMALL : HEAD;
  const [backX, backY] = [toX - alongX * size, toY - alongY * size];
  const [sideX, sideY] = [-alongY * size * 0.42, alongX * size * 0.42];
  return `M${round(toX)} ${round(toY)}L${round(backX + sideX)} ${round(backY + sideY)}L${round(backX - sideX)} ${round(backY - sideY)}Z`;
}

/** @param cone - arrows that have nothing to do with its event are drawn faint; null draws all alike. */
export function sheavesOf(arrows: readonly Arrow[], cone: Cone | null): readonly Sheaf[] {
  const groups = new Map<string, { arrows: Arrow[]; isFaint: boolean }>();
  for (const arrow of arrows) {
    const isFaint = cone !== null && isConcurrent(arrow.flight, cone);
    const key = `${arrow.kind} ${arrow.isLost} ${isFaint}`;
    const known = groups.get(key) ?? { arrows: [], isFaint };
    groups.set(key, known);
    known.arrows.push(arrow);
  }
  const order: readonly Kind[] = ['heartbeat', 'other', 'data', 'fault', 'coordinator', 'ok', 'election'];
  return [...groups.values()]
    .map(({ arrows: alike, isFaint }) => ({
      kind: alike[0]?.kind ?? 'other',
      isLost: alike[0]?.isLost ?? false,
      isFaint,
      lines: alike
        .map(({ fromX, fromY, toX, toY }) => `M${round(fromX)} ${round(fromY)}L${round(toX)} ${round(toY)}`)
        .join(''),
      // Hundreds of small heads would only be a smear; what is lost keeps its mark.
      heads:
        alike.length > HEADS_MOST && alike[0]?.kind === 'heartbeat' && !alike[0].isLost
          ? ''
          : alike.map(headOf).join(''),
    }))
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** Neither what it comes from nor what it leads to is related to the event. */
function isConcurrent({ from, to, sentIndex, endIndex, fate }: Flight, cone: Cone): boolean {
  const sent = relationTo(cone, from, sentIndex);
  const arrived = fate === 'delivered' && endIndex !== null ? relationTo(cone, to, endIndex) : sent;
  if (sent === 'future' || sent === 'itself' || arrived === 'itself') return false;
  return arrived !== 'past';
}

/** How near the pointer has to come, CSS pixels: half of a target of 24. */
const NEAR = 12;

export interface Hit {
  readonly arrow: Arrow;
  /** The event of the end that is nearer. */
  readonly index: number;
}

export function nearest(arrows: readonly Arrow[], x: number, y: number): Hit | null {
  let best: Arrow | null = null;
  let least = NEAR;
  let way = 0;
  for (const arrow of arrows) {
    const { fromX, fromY, toX, toY } = arrow;
    if (x < Math.min(fromX, toX) - NEAR || x > Math.max(fromX, toX) + NEAR) continue;
    const [dx, dy] = [toX - fromX, toY - fromY];
    const along = Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / (dx * dx + dy * dy || 1)));
    const distance =
      Math.hypot(fromX + along * dx - x, fromY + along * dy - y) + (arrow.kind === 'heartbeat' ? 3 : 0);
    if (distance >= least) continue;
    least = distance;
    best = arrow;
    way = along;
  }
  if (best === null) return null;
  const { flight } = best;
  return { arrow: best, index: way > 0.5 && flight.endIndex !== null ? flight.endIndex : flight.sentIndex };
}

/** What there is between two times or two logical numbers. */
export function flightsBetween(
  history: History,
  axis: 'time' | 'logical',
  from: number,
  to: number,
): readonly Flight[] {
  if (axis === 'time') return history.flightsIn(from, to);
  return history.stops('message').flatMap((index) => {
    const flight = history.flightOf(index);
    const number = history.lamportOf(index);
    if (flight === undefined || flight.sentIndex !== index || number === null) return [];
    const end = flight.endIndex === null ? null : history.lamportOf(flight.endIndex);
    return number <= to && (end ?? number) >= from ? [flight] : [];
  });
}

/** The sensors over HTTP, below `/v1/`, and all of it as one system. */
import * as z from 'zod';
import type { Peer } from '../../actors/index.js';
import { type Operation, operation, refused, type System } from '../node/system.js';
import { measurementOf, Offered } from './measurement.js';
import { type Reading, type Sensor, sensorOf, sensorReplica } from './state.js';
import { shownWindow } from './windows.js';

const PAGE_DEFAULT = 100;
const PAGE_MAX = 1000;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().int().min(least).max(most));

const Id = z.object({ id: z.string().max(64) });
const limit = whole(1, PAGE_MAX).default(PAGE_DEFAULT);

const amounts = { temperature_c: z.number(), humidity_pct: z.number(), pressure_hpa: z.number() };
const ShownReading = z.object({ sequence: z.int(), timestamp: z.iso.datetime(), ...amounts });
const Spread = z.object({ min: z.number(), mean: z.number(), max: z.number() });
const ShownWindow = z.object({
  start: z.iso.datetime(),
  count: z.int(),
  temperature_c: Spread,
  humidity_pct: Spread,
  pressure_hpa: Spread,
});

const shownReading = ({ at: _, ...reading }: Reading): z.infer<typeof ShownReading> => reading;

function known(peer: Peer, id: string): Sensor {
  const sensor = sensorOf(peer.replica(sensorReplica).state(), id);
  if (sensor === undefined) throw refused('unknown-sensor', `no sensor ${id} has published yet`, 404);
  return sensor;
}

const operationsOf = (peer: Peer): readonly Operation[] => [
  operation({
    method: 'GET',
    path: 'sensors',
    summary: 'every sensor with its last reading, and what holds for all of them',
    answer: z.object({
      settings: z.object({ window_s: z.int(), retain_h: z.number(), retain_readings: z.int() }),
      sensors: z.array(
        z.object({
          id: z.string(),
          published: z.int(),
          kept: z.int(),
          isMember: z.boolean(),
          last: ShownReading,
        }),
      ),
    }),
    handle: () => {
      const { settings, sensors } = peer.replica(sensorReplica).state();
      const alive = peer.status().view.members.filter(({ state }) => state === 'alive');
      const shown = sensors.map(({ id, published, readings, last }) => ({
        id,
        published,
        kept: readings.length,
        isMember: alive.some((member) => member.id === id),
        last: shownReading(last),
      }));
      return { settings, sensors: shown };
    },
  }),
  operation({
    method: 'GET',
    path: 'sensors/:id/readings',
    summary: 'what is kept of a sensor, in the total order; `next` is the `after` of the next page',
    params: Id,
    query: z.strictObject({ after: whole(0, Number.MAX_SAFE_INTEGER).default(0), limit }),
    answer: z.object({ sensor: z.string(), readings: z.array(ShownReading), next: z.int() }),
    handle: ({ params, query: { after, limit: most } }) => {
      const { id, readings, goneUpTo } = known(peer, params.id);
      if (after > 0 && after < goneUpTo) {
        const detail = `what follows ${after} is not kept any more: begin with after=${goneUpTo}, or with 0`;
        throw refused('history-gone', detail, 410);
      }
      const from = readings.findIndex(({ sequence }) => sequence > after);
      const page = from === -1 ? [] : readings.slice(from, from + most);
      return { sensor: id, readings: page.map(shownReading), next: page.at(-1)?.sequence ?? after };
    },
  }),
  operation({
    method: 'GET',
    path: 'sensors/:id/windows',
    summary: 'least, mean and greatest of each quantity, window by window; the last `limit` of them',
    params: Id,
    query: z.strictObject({ limit }),
    answer: z.object({ sensor: z.string(), window_s: z.int(), windows: z.array(ShownWindow) }),
    handle: ({ params, query }) => {
      const { id, windows } = known(peer, params.id);
      const { window_s } = peer.replica(sensorReplica).state().settings;
      return { sensor: id, window_s, windows: windows.slice(-query.limit).map(shownWindow) };
    },
  }),
  operation({
    method: 'POST',
    path: 'sensors/readings',
    summary: 'publishes a reading as this peer’s; without a timestamp it is of now',
    body: Offered,
    answer: ShownReading.extend({ sensor: z.string() }),
    handle: async ({ body }, submit) => {
      const { timestamp, ...measured } = body;
      const offered = { ...measured, ...(timestamp === undefined ? {} : { timestamp }) };
      const measurement = measurementOf(offered, Date.now());
      const { result, sequence } = await peer
        .replica(sensorReplica)
        .execute({ type: 'reading', ...measurement }, submit);
      // Of a retry, what came of the first try; of one that is long past, its number alone is still known.
      if (result?.kind === 'reading') return { sensor: result.sensor, ...shownReading(result.reading) };
      return { sensor: peer.id, sequence, ...measurement };
    },
  }),
];

export const sensorSystem: System = {
  name: 'sensor',
  summary: 'peers that measure; all hold the same ordered series',
  replicas: [sensorReplica],
  operations: operationsOf,
};

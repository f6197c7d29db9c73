/** What a peer holds of each series: the log as far as it is kept, before it what the replicated state retains. */
import type { Peer } from '../../actors/index.js';
import type { Series } from './recorder.js';
import { type Reading, readingOf, sensorOf, sensorReplica } from './state.js';

export const TOPIC = `replica:${sensorReplica.name}`;

export function seriesOf(peer: Peer): Series {
  const state = () => peer.replica(sensorReplica).state();
  const logged = (sensor: string): readonly Reading[] =>
    peer
      .history({ topic: TOPIC, limit: Number.MAX_SAFE_INTEGER })
      .flatMap((delivery) =>
        delivery.origin === sensor ? (readingOf(delivery.payload, delivery) ?? []) : [],
      );
  return {
    sensors: () => state().sensors.map(({ id }) => id),
    available: (id) => {
      const sensor = sensorOf(state(), id);
      const log = logged(id);
      const [first] = log;
      const retained = sensor?.readings ?? [];
      const before =
        first === undefined ? retained : retained.filter(({ sequence }) => sequence < first.sequence);
      const readings = [...before, ...log].filter(({ sequence }) => sequence <= (sensor?.last.sequence ?? 0));
      return { published: sensor?.published ?? 0, readings };
    },
    sequence: () => peer.status().sequence,
  };
}

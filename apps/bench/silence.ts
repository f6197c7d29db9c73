/** A coordinator that falls silent without a word: nobody's kernel says that it is gone, so only its silence does. */
import type { BenchCluster } from './cluster.js';
import { pause, recordings, serviceAfter, underLoad } from './measurements.js';
import type { BenchSettings } from './settings.js';
import { sharedNow } from './worker-orders.js';

/**
 * Holds the coordinator by SIGSTOP again and again, each time under load and once all three are level, and wakes it when
 * the others serve.
 *
 * @returns how long after each stop the first message submitted since was delivered on both survivors, ms.
 */
export async function measureSilence(
  cluster: BenchCluster,
  settings: BenchSettings,
  silenced: (number: number, ms: number) => void,
): Promise<{ readonly times: readonly number[]; readonly failures: number }> {
  const times: number[] = [];
  let failures = 0;
  for (let number = 1; number <= settings.stops; number++) {
    const { coordinator, followers } = await cluster.settled();
    const [submitter] = followers;
    if (submitter === undefined) throw new Error('a cluster of three has two followers');
    const load = { kind: 'steady', perSecond: settings.messagesPerSecond } as const;
    await recordings(followers);
    const time = await underLoad([submitter], load, settings, async () => {
      // At no fixed place between two heartbeats.
      await pause(500 + Math.random() * 500);
      const at = coordinator.worker.hold(sharedNow);
      return serviceAfter(followers, at, (count) => {
        failures += count;
      });
    });
    coordinator.worker.wake();
    times.push(time);
    silenced(number, time);
  }
  await cluster.settled();
  return { times, failures };
}

/** The peers of a demo, together. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Status } from '../../actors/index.js';
import { until } from '../node/until.js';
import { DemoPeer, type DemoTimings, QUICK } from './demo-peer.js';
import { agreedElection, type Election } from './demo-words.js';

const AGREED_WITHIN_MS = 40_000;

export interface DemoCluster {
  readonly peers: readonly DemoPeer[];
  peer(id: string): DemoPeer | undefined;
  /** Starts all; resolves when the highest leads and all agree. */
  form(): Promise<Election>;
  /** Starts one that was killed, with the same address and journal. */
  restart(peer: DemoPeer): Promise<void>;
  /** Waits until those that run agree about a coordinator, which `fits`. */
  agreement(what: string, fits?: (election: Election) => boolean): Promise<Election>;
  /** Statuses of those that run and answer. */
  statuses(): Promise<readonly Status[]>;
  /** Ends every process and removes what they wrote. */
  end(): Promise<void>;
}

/**
 * @param program - what each of them runs, with flags of its own.
 * @param size - how many there are; their ids are 1, 2, 3 …
 */
export function createDemoCluster(
  program: readonly string[] = ['peer'],
  size = 3,
  timings: DemoTimings = QUICK,
): DemoCluster {
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-demo-'));
  const peers = Array.from(
    { length: size },
    (_, place) => new DemoPeer(String(place + 1), folder, program, timings),
  );
  const running = () => peers.filter((peer) => peer.presence() === 'running');

  const statuses = async () => {
    const answers = await Promise.all(running().map((peer) => peer.status()));
    return answers.filter((status) => status !== undefined);
  };
  const agreement: DemoCluster['agreement'] = (what, fits = () => true) =>
    until(what, AGREED_WITHIN_MS, async () => {
      const answers = await statuses();
      const election = answers.length === running().length ? agreedElection(answers) : undefined;
      return election !== undefined && fits(election) && election;
    });
  const restart = (peer: DemoPeer) =>
    peer.start(
      peers.filter((other) => other !== peer).map((other) => other.listen()),
      false,
    );
  const form = async () => {
    const [first, ...others] = peers;
    if (first === undefined) throw new Error('the demo has no peers');
    await first.start([], true);
    await Promise.all(others.map((peer) => peer.start([first.listen()], false)));
    return agreement(`peer ${size}, the highest, to lead all`, ({ leader }) => leader === String(size));
  };
  return {
    peers,
    peer: (id) => peers.find((peer) => peer.id === id),
    form,
    restart,
    agreement,
    statuses,
    end: async () => {
      await Promise.all(peers.map((peer) => peer.end()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Drills: real sensors, one of them killed, and what must come of it. `bullpen demo sensor` plays the second. */
import * as z from 'zod';
import { createDemoCluster, type DemoCluster } from '../cli/demo-cluster.js';
import { type DemoPeer, STEADY } from '../cli/demo-peer.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { compareSeries } from './comparison.js';
import { checkedFlags, number } from './settings.js';
import { type Course, playElection, playFault, publishedAll, type Tell } from './story.js';

/** Each sensor measures once a second of its own time, and is ten times as fast as time: longer than one is away. */
export const DRILL: Course = { intervalMs: 1000, speed: 10, readings: 80 };

export const programOf = ({ intervalMs, speed, readings }: Course): readonly string[] => [
  'sensor',
  '--quiet',
  ...['--interval', String(intervalMs / 1000), '--speed', String(speed), '--readings', String(readings)],
];

const tell: Tell = (step, words) => void process.stdout.write(`${step.padEnd(10)}${words}\n`);

export const drillFault = (): Promise<ExitCode> =>
  drill(
    () => createDemoCluster(programOf(DRILL)),
    (cluster) => playFault(cluster, tell, DRILL),
  );

export const drillElection = (): Promise<ExitCode> =>
  drill(
    () => createDemoCluster(programOf(DRILL)),
    (cluster) => playElection(cluster, tell, DRILL),
  );

/** @throws ProgramFailure 1 when something is not as it should be. */
async function drill(
  create: () => DemoCluster,
  play: (cluster: DemoCluster) => Promise<void>,
): Promise<ExitCode> {
  // A check that was interrupted has not passed; heard before there is anything to clean up.
  const interrupted = new Promise<ExitCode>((resolve) => {
    onShutdown(() => resolve(EXIT.failed));
  });
  const cluster = create();
  const played = play(cluster).then((): ExitCode => {
    tell('passed', 'all went as it should');
    return EXIT.clean;
  });
  try {
    return await Promise.race([played, interrupted]);
  } finally {
    played.catch(() => {});
    await cluster.end();
  }
}

const Day = z.object({
  peers: number(z.number().int().min(3).max(9)),
  interval: number(z.number().min(0.001).max(86_400)),
  readings: number(z.number().int().min(1).max(100_000)),
  speed: number(z.number().min(0.001).max(1_000_000)),
});

const DAY_S = 86_400;

/**
 * A day of readings from each sensor. When a third is published the coordinator is killed and started again, when two thirds
 * are a follower; at the end all files of all peers must be equal, with every reading of the day once.
 *
 * @throws ProgramFailure 64 for a flag that is wrong; 1 when something is not as it should be.
 */
export async function drillDay(flags: Readonly<Record<string, unknown>>): Promise<ExitCode> {
  const {
    peers = 5,
    interval = 60,
    speed = 100,
    readings = Math.ceil(DAY_S / interval),
  } = checkedFlags(Day, flags);
  const course: Course = { intervalMs: interval * 1000, speed, readings };
  const create = () => createDemoCluster(programOf(course), peers, STEADY);
  return drill(create, (all) => playDay(all, course));
}

async function playDay(cluster: DemoCluster, course: Course): Promise<void> {
  const { leader, words } = await cluster.form();
  tell('form', `${cluster.peers.length} sensors: ${words}`);
  const total = course.readings * cluster.peers.length;
  const reach = async (part: number) => {
    const count = await publishedAll(cluster, Math.floor(course.readings * part));
    tell('publish', `${count} of ${total} readings`);
  };
  const strike = async (victim: DemoPeer | undefined, role: string) => {
    if (victim === undefined) throw new Error('there is nobody to kill');
    await victim.kill();
    const next = await cluster.agreement(
      'the others to follow one of them',
      ({ leader }) => leader !== victim.id,
    );
    tell('kill', `${victim.id}, ${role}; ${next.words}`);
    await cluster.restart(victim);
    tell('restart', `${victim.id} is back, and measures on where it stood`);
  };
  await reach(1 / 3);
  await strike(cluster.peer(leader), 'the coordinator');
  await reach(2 / 3);
  const now = await cluster.agreement('all to follow one coordinator');
  await strike(
    cluster.peers.find(({ id }) => id !== now.leader),
    'a follower',
  );
  await reach(1);
  const rows = compareSeries(
    cluster.peers.map((peer) => peer.folder()),
    { sensors: cluster.peers.map(({ id }) => id), ...course },
  );
  tell(
    'compare',
    `the files of all ${cluster.peers.length} peers are equal: ${rows} rows, each reading once`,
  );
}

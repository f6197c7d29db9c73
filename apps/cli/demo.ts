/** `bullpen demo`, which is `npm start`: three real peers, and either a prompt or a story that plays by itself. */
import { playEnergy } from '../energy/story.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { DRILL, programOf } from '../sensor/drills.js';
import { playElection } from '../sensor/story.js';
import { createDemoCluster, type DemoCluster } from './demo-cluster.js';
import { HELP, takeCommands } from './demo-prompt.js';
import { playStory } from './demo-story.js';

const write = (line: string) => void process.stdout.write(`${line}\n`);

/** What each system's demo shows: which program its peers run, and the story that is played and checked. */
interface Demo {
  readonly program: readonly string[];
  readonly play: (cluster: DemoCluster, tell: (step: string, words: string) => void) => Promise<void>;
  /** How somebody takes part in the one that does not play by itself. */
  readonly invitation?: (cluster: DemoCluster) => string;
}

const DEMOS: Readonly<Record<string, Demo>> = {
  auction: {
    program: ['auction', 'server'],
    play: async (cluster, tell) => (await import('../auction/story.js')).playAuction(cluster, tell),
    invitation: ({ peers }) =>
      `take part: bullpen auction client --cluster demo --name ann${peers.map((peer) => ` --seed ${peer.listen()}`).join('')}`,
  },
  chat: { program: ['peer'], play: playStory },
  sensor: { program: programOf(DRILL), play: (cluster, tell) => playElection(cluster, tell, DRILL) },
  energy: { program: ['energy'], play: playEnergy },
};

/**
 * @param system - which of the four systems is shown.
 * @param once - plays the story instead of asking what to do.
 * @throws ProgramFailure 1 when the story does not go as it should.
 */
export async function runDemo(system: string, once: boolean): Promise<ExitCode> {
  const demo = DEMOS[system];
  if (demo === undefined)
    throw new ProgramFailure(
      EXIT.usage,
      `there is no demo ${system}; there are ${Object.keys(DEMOS).join(', ')}`,
    );
  // Before there is anything to clean up.
  const interrupted = new Promise<ExitCode>((resolve) => {
    // A check that was interrupted has not passed.
    onShutdown(() => resolve(once ? EXIT.failed : EXIT.clean));
  });
  const cluster = createDemoCluster(demo.program);
  try {
    return await Promise.race([once ? story(cluster, demo) : play(cluster, demo), interrupted]);
  } finally {
    await cluster.end();
  }
}

async function story(cluster: DemoCluster, demo: Demo): Promise<ExitCode> {
  await demo.play(cluster, (step, words) => write(`${step.padEnd(10)}${words}`));
  write('all went as it should');
  return EXIT.clean;
}

/** The page of the first, told where the others serve theirs: peers do not tell each other. */
function together({ peers: [first, ...others] }: DemoCluster): string {
  return `http://${first?.http()}/#/live?also=${others.map((peer) => peer.http()).join(',')}`;
}

async function play(cluster: DemoCluster, { invitation }: Demo): Promise<ExitCode> {
  write('starting three peers, each a process of its own …');
  const election = await cluster.form();
  write(election.words);
  write(`the live page: ${cluster.peers.map((peer) => `http://${peer.http()}/`).join('  ')}`);
  write(`all of them in one picture: ${together(cluster)}`);
  if (invitation !== undefined) write(invitation(cluster));
  write(HELP);
  await takeCommands(cluster, write);
  write('ending …');
  return EXIT.clean;
}

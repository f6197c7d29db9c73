/** `bullpen demo`, which is `npm start`: three real peers, and either a prompt or a story that plays by itself. */
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { onShutdown } from '../node/shutdown.js';
import { createDemoCluster, type DemoCluster } from './demo-cluster.js';
import { HELP, takeCommands } from './demo-prompt.js';
import { playStory } from './demo-story.js';

const write = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * @param system - which of the four systems is shown; this version has chat.
 * @param once - plays the story instead of asking what to do.
 * @throws ProgramFailure 1 when the story does not go as it should.
 */
export async function runDemo(system: string, once: boolean): Promise<ExitCode> {
  if (system !== 'chat')
    throw new ProgramFailure(
      EXIT.usage,
      `demo ${system} is not supported by this version; there is demo chat`,
    );
  const cluster = createDemoCluster();
  const interrupted = new Promise<ExitCode>((resolve) => {
    // A check that was interrupted has not passed.
    onShutdown(() => resolve(once ? EXIT.failed : EXIT.clean));
  });
  try {
    return await Promise.race([once ? story(cluster) : play(cluster), interrupted]);
  } finally {
    await cluster.end();
  }
}

async function story(cluster: DemoCluster): Promise<ExitCode> {
  await playStory(cluster, (step, words) => write(`${step.padEnd(10)}${words}`));
  write('all went as it should');
  return EXIT.clean;
}

async function play(cluster: DemoCluster): Promise<ExitCode> {
  write('starting three peers, each a process of its own …');
  const election = await cluster.form();
  write(election.words);
  write(`the live page: ${cluster.peers.map((peer) => `http://${peer.http()}/`).join('  ')}`);
  write(HELP);
  await takeCommands(cluster, write);
  write('ending …');
  return EXIT.clean;
}

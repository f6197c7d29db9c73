/** The demo people play with: a prompt at three running peers. */
import { createInterface } from 'node:readline';
import { ProgramFailure } from '../node/exit.js';
import type { DemoCluster } from './demo-cluster.js';
import type { DemoPeer } from './demo-peer.js';
import { agreedElection } from './demo-words.js';

const LOOK_EVERY_MS = 250;

export const HELP = `  say TEXT     send a line; any peer that runs takes it
  kill ID      kill -9 of that peer
  restart ID   start it again: same address, same journal
  pause ID     freeze its process (SIGSTOP)
  resume ID    let it go on (SIGCONT)
  status       who is there, and who leads
  help         this list
  quit         end all peers`;

/** Takes commands until `quit`, the end of the input, or Ctrl-C. */
export function takeCommands(cluster: DemoCluster, write: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    const input = createInterface({ input: process.stdin, output: process.stdout, prompt: 'bullpen> ' });
    const tell = (line: string) => {
      if (process.stdout.isTTY) process.stdout.write('\r\u001b[K');
      write(line);
      input.prompt(true);
    };
    const stopWatching = announceElections(cluster, tell);
    input.on('line', (line) => {
      if (/^\s*(quit|exit|q)\s*$/.test(line)) return input.close();
      obey(line.trim(), cluster)
        .catch((problem: unknown) => (problem instanceof ProgramFailure ? problem.message : String(problem)))
        .then((answer) => (answer === '' ? input.prompt() : tell(answer)));
    });
    input.on('SIGINT', () => input.close());
    input.on('close', () => {
      stopWatching();
      resolve();
    });
    input.prompt();
  });
}

async function obey(line: string, cluster: DemoCluster): Promise<string> {
  const [, verb = '', rest = ''] = line.match(/^(\S*)\s*(.*)$/) ?? [];
  switch (verb) {
    case '':
      return '';
    case 'say':
      return say(rest, cluster);
    case 'status':
      return describe(cluster);
    case 'help':
      return HELP;
    case 'kill':
    case 'restart':
    case 'pause':
    case 'resume': {
      const peer = cluster.peer(rest);
      if (peer === undefined) return `which peer? ${verb} 1, ${verb} 2 or ${verb} 3`;
      return act(verb, peer, cluster);
    }
    default:
      return `"${verb}" is no command; help lists them`;
  }
}

async function say(text: string, cluster: DemoCluster): Promise<string> {
  if (text === '') return 'say what?';
  const peer = cluster.peers.find((one) => one.presence() === 'running');
  if (peer === undefined) return 'no peer runs: restart one';
  const { sequence, term } = await peer.say(text);
  return `[${sequence}] ${text}   (said at ${peer.id}, ordered in term ${term})`;
}

async function act(
  verb: 'kill' | 'restart' | 'pause' | 'resume',
  peer: DemoPeer,
  cluster: DemoCluster,
): Promise<string> {
  const presence = peer.presence();
  switch (verb) {
    case 'kill':
      if (presence === 'killed') return `${peer.id} is dead already`;
      await peer.kill();
      return `${peer.id} is dead`;
    case 'restart':
      if (presence !== 'killed') return `${peer.id} is ${presence}; kill it first`;
      await cluster.restart(peer);
      return `${peer.id} is back`;
    case 'pause':
      if (presence !== 'running') return `${peer.id} is ${presence}`;
      peer.pause();
      return `${peer.id} is frozen`;
    case 'resume':
      if (presence !== 'paused') return `${peer.id} is ${presence}`;
      peer.resume();
      return `${peer.id} goes on`;
    default:
      return verb satisfies never;
  }
}

async function describe(cluster: DemoCluster): Promise<string> {
  const lines = await Promise.all(
    cluster.peers.map(async (peer) => {
      const status = await peer.status();
      if (status === undefined) return `  ${peer.id}  ${peer.presence()}`;
      const { role, term, coordinator, sequence, view } = status;
      const follows = coordinator === null ? 'no coordinator' : `coordinator ${coordinator}`;
      return `  ${peer.id}  ${role}, ${follows}, term ${term.n}, view ${view.number}, ${sequence} messages, http://${peer.http()}/`;
    }),
  );
  return lines.join('\n');
}

/** Tells of every election once those that run agree about it. */
function announceElections(cluster: DemoCluster, tell: (line: string) => void): () => void {
  let announced: number | undefined;
  let looking = false;
  const timer = setInterval(async () => {
    if (looking) return;
    looking = true;
    const election = agreedElection(await cluster.statuses());
    looking = false;
    if (election === undefined || election.term === announced) return;
    if (announced !== undefined) tell(election.words);
    announced = election.term;
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** The `bullpen` command: which programs there are, and the flags of each. What a program needs is loaded when it runs. */
import { Command, CommanderError } from 'commander';
import { EXIT } from '../node/exit.js';
import { packageVersion } from '../node/package-root.js';
import { addAuction } from './auction-command.js';
import { addChat } from './chat-command.js';
import { addEnergy } from './energy.js';
import { addPeerFlags, configurationFrom } from './flags.js';
import { mistakeOf } from './mistake.js';
import { addMonitor } from './monitor-command.js';
import { addSensor } from './sensor.js';

type Finish = (exitCode: number) => void;
type Flags = Readonly<Record<string, unknown>>;

/**
 * Reads `words` (without `node` and the script) and runs the program they name.
 *
 * @returns the exit code.
 * @throws ProgramFailure with one line per mistake; whatever the program throws.
 */
export async function runCommand(words: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.clean;
  const command = createCommand((code) => {
    exitCode = code;
  });
  try {
    await command.parseAsync([...words], { from: 'user' });
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem;
    if (problem.exitCode === 0) return EXIT.clean;
    throw mistakeOf(problem, namedBy(words, command));
  }
  return exitCode;
}

/** The program `words` name, as far as they name one. */
function namedBy(words: readonly string[], root: Command): Command {
  let command = root;
  for (const word of words) command = command.commands.find((one) => one.name() === word) ?? command;
  return command;
}

function createCommand(finish: Finish): Command {
  const command = new Command('bullpen')
    .description('A peer-to-peer cluster in which every protocol is a statechart you can watch.')
    .version(packageVersion(), '--version', 'says which version this is')
    // What follows the name of a program within a program is that one's.
    .enablePositionalOptions();
  addPeer(command, finish);
  addChat(command, finish);
  addSensor(command, finish);
  addEnergy(command, finish);
  addAuction(command, finish);
  addDemo(command, finish);
  addClassroom(command, finish);
  addLog(command, finish);
  addCluster(command, finish);
  addMonitor(command, finish);
  addBench(command, finish);
  addSimulate(command, finish);
  addVerify(command, finish);
  speakOurWords(command);
  return command;
}

/** Commander's own complaints and exits are replaced by ours, for every program below too. */
function speakOurWords(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .showSuggestionAfterError(false);
  command.helpCommand(false).helpOption('--help', 'says what there is');
  for (const program of command.commands) speakOurWords(program);
}

const PEER_ENDS = `
Ctrl-C or SIGTERM ends it: with --data the peer hands over if it coordinates, stops and stays a member, for it will come
back with its history;
without, it leaves the cluster, for it cannot come back as itself. A second one stops it at once.

Exit codes: 0 clean, 64 bad usage, 70 a disk failed or our mistake, 75 not now (port in use, no cluster in time),
78 bad configuration.`;

function addPeer(root: Command, finish: Finish): void {
  const program = root.command('peer').description('one headless peer');
  addPeerFlags(program)
    .addHelpText('after', PEER_ENDS)
    .action(async (flags: Flags) => {
      const { runPeer } = await import('./peer.js');
      finish(await runPeer(await configurationFrom(flags)));
    });
}

function addDemo(root: Command, finish: Finish): void {
  root
    .command('demo')
    .description('three real peers, a live page, and a prompt to kill and restart them')
    .argument('[system]', 'which system to show: chat, energy, sensor, auction', 'chat')
    .option('--once', 'plays the whole story by itself, checks it, and exits 0 or 1')
    .action(async (system: string, flags: Flags) => {
      const { runDemo } = await import('./demo.js');
      finish(await runDemo(system, flags.once === true || !process.stdin.isTTY));
    });
}

function addClassroom(root: Command, finish: Finish): void {
  root
    .command('classroom')
    .description('the teaching page: lessons, a sandbox, replay, statecharts; nothing else has to run')
    .option('--http <HOST:PORT>', 'where it is served (default: 127.0.0.1:7611; port 0 takes a free one)')
    .option('--export <FILE>', 'writes it as one file that opens from disk, and ends')
    .option('--no-open', 'does not open it in a browser; without a terminal it never does')
    .action(async (flags: { readonly http?: string; readonly export?: string; readonly open: boolean }) => {
      const { runClassroom } = await import('./classroom.js');
      finish(await runClassroom(flags));
    });
}

function addBench(root: Command, finish: Finish): void {
  root
    .command('bench')
    .description('how fast three real peers are on this machine, and how soon they serve again after kill -9')
    .option(
      '--only <LIST>',
      'some of floor,throughput,latency,failover,silent,handover (default: these),learner,soak',
    )
    .option('--seconds <N>', 'how long each load is measured (default: 10)')
    .option('--warm-up-seconds <N>', 'how long it runs before (default: 4)')
    .option('--in-flight <N>', 'submissions that wait for their delivery at once (default: 4000)')
    .option('--messages-per-second <N>', 'the rate for latency and failover (default: 1000)')
    .option('--payload-bytes <N>', 'size of one payload (default: 100)')
    .option('--kills <N>', 'coordinators that are killed (default: 10)')
    .option('--stops <N>', 'coordinators that are held by SIGSTOP (default: 10)')
    .option('--handovers <N>', 'offices that are handed over (default: 20)')
    .option('--handover-messages-per-second <N>', 'the rate meanwhile (default: 2000)')
    .option('--entries <N>', 'messages in the log when the learner joins (default: 1000000)')
    .option('--minutes <N>', 'how long the soak lasts (default: 10)')
    .option('--rate <N>', 'its messages per second (default: 1000)')
    .option('--snapshot-every <N>', 'entries between snapshots (learner: none; soak: 20000)')
    .option('--preset <NAME>', 'timings of the peers (default: lan)')
    .option('--profile <DIR>', 'writes a CPU profile of every peer there')
    .option('--json', 'the result as one JSON object')
    .action(async (flags: Flags) => {
      const { readBenchSettings } = await import('../bench/settings.js');
      const { runBench } = await import('../bench/program.js');
      const io = {
        out: (line: string) => void process.stdout.write(`${line}\n`),
        progress: (line: string) => void process.stderr.write(`${line}\n`),
      };
      finish(await runBench(readBenchSettings(flags), io));
    });
}

function addSimulate(root: Command, finish: Finish): void {
  root
    .command('simulate')
    .description('whole clusters in one thread under seeded faults, every invariant checked after every step')
    .option('--seeds <N>', 'how many seeds (default: 1000)')
    .option('--from <N>', 'the first one (default: 1)')
    .option('--peers <N>', 'peers that found the cluster, 1 to 9 (default: 3)')
    .option(
      '--faults <LIST>',
      'all, none, or kinds that may happen, such as crash,pause,partition (default: all)',
    )
    .option(
      '--core',
      'only the sequencer, which is far faster: messages lost, doubled and reordered, disks lost',
    )
    .option(
      '--system <NAME>',
      'hosts one of the systems on every peer, and checks its own invariants: energy, sensor, auction or chat',
    )
    .option('--seed <N>', 'this seed alone, with its story')
    .option('--keep <LIST>', 'of its faults, those at these places alone')
    .option('--trace <FILE>', 'writes its trace as NDJSON')
    .option('--jobs <N>', 'seeds that run at once (default: one per core)')
    .option('--ledger <FILE>', 'appends what was run to this history')
    .option('--json', 'the result as one JSON object')
    .addHelpText('after', SIMULATE_ENDS)
    .action(async (flags: Flags) => {
      const { readSimulateSettings } = await import('../simulator/settings.js');
      const { runSimulate } = await import('../simulator/program.js');
      const { stdout, stderr } = process;
      const out = (line: string) => void stdout.write(`${line}\n`);
      const { isTTY, columns } = stderr;
      const write = (text: string) => void stderr.write(text);
      const progress = { isTerminal: isTTY === true, columns: columns ?? 80, write };
      finish(await runSimulate(readSimulateSettings(flags), { out, progress }));
    });
}

const SIMULATE_ENDS = `
Stops at the first seed that breaks an invariant, leaves out what is not needed to break it, and prints the line that plays
it again. Exit codes: 0 no violation, 1 a violation, 64 bad usage.`;

function addVerify(root: Command, finish: Finish): void {
  root
    .command('verify')
    .description('every interleaving of a small cluster, searched over the shipped sequencer')
    .option('--peers <N>', 'voters at the start, 1 to 5 (default: 3)')
    .option('--terms <N>', 'terms that may be opened, 1 to 9 (default: 3)')
    .option('--entries <N>', 'entries at which a coordinator stops to order more, 1 to 9 (default: 3)')
    .option('--changes', 'voters come and go, and one more peer learns from the start')
    .option('--tie', 'of an even number of voters the highest breaks the tie; --changes changes who does')
    .option('--losses <N>', 'disks that may be lost in all, 0 to 3 (default: 0)')
    .option('--slow-disks', 'others act between a write and the moment it is on the disk')
    .option('--owners <WHO>', 'any, the default: all peers may open each term; or turns')
    .option('--time-limit <S>', 'seconds after which it gives up (default: 600)')
    .option('--memory-limit <GB>', 'memory above which it gives up (default: 8)')
    .option('--ledger <FILE>', 'appends what was run to this history')
    .option('--json', 'the result as one JSON object')
    .addHelpText('after', VERIFY_ENDS)
    .action(async (flags: Flags) => {
      const { readVerifySettings } = await import('../verify/settings.js');
      const { runVerify } = await import('../verify/program.js');
      const { stdout, stderr } = process;
      const out = (line: string) => void stdout.write(`${line}\n`);
      const write = (text: string) => void stderr.write(text);
      finish(
        await runVerify(readVerifySettings(flags), {
          out,
          progress: { isTerminal: stderr.isTTY === true, write },
        }),
      );
    });
}

const VERIFY_ENDS = `
Crashes and lost letters are always among the steps. A broken invariant is told as the shortest way there.
Exit codes: 0 exhausted without a violation, 1 a violation, 64 bad usage, 75 a limit came first.`;

function addCluster(root: Command, finish: Finish): void {
  const program = root.command('cluster').description('asks a running peer over HTTP');
  program
    .command('transfer')
    .description('has the coordinator hand over to another voter; nothing is lost')
    .argument('<ID>', 'who is to coordinate')
    .requiredOption('--http <URL>', 'where any peer of the cluster serves HTTP')
    .action(async (to: string, flags: Flags) => {
      const { transfer } = await import('./cluster.js');
      finish(await transfer(String(flags.http), to));
    });
  program
    .command('why-no-coordinator')
    .description('says in words who is not reached, how many are needed, and what to do')
    .requiredOption('--http <URL>', 'where the peer serves HTTP')
    .action(async (flags: Flags) => {
      const { explain } = await import('./cluster.js');
      finish(await explain(String(flags.http)));
    });
  program
    .command('members')
    .description('who belongs, where each listens, and who is suspected')
    .requiredOption('--http <URL>', 'where any peer of the cluster serves HTTP')
    .option('--json', 'the view as the peer said it')
    .action(async (flags: Flags) => {
      const { showMembers } = await import('./cluster.js');
      finish(await showMembers(String(flags.http), flags.json === true));
    });
  program
    .command('leave')
    .description('takes a peer out of its cluster; it stops then')
    .argument('<ID>', 'the peer that is to leave')
    .requiredOption('--http <URL>', 'where that peer serves HTTP')
    .action(async (id: string, flags: Flags) => {
      const { leave } = await import('./cluster.js');
      finish(await leave(String(flags.http), id));
    });
  program
    .command('status')
    .description('who is there, who coordinates, how far the log is')
    .requiredOption('--http <URL>', 'where the peer serves HTTP')
    .option('--json', 'as the peer said it')
    .action(async (flags: Flags) => {
      const { showStatus } = await import('./cluster.js');
      finish(await showStatus(String(flags.http), flags.json === true));
    });
}

function addLog(root: Command, finish: Finish): void {
  const program = root
    .command('log')
    .description('reads, backs up and restores a data folder, without a running peer');
  const output = {
    out: (line: string) => void process.stdout.write(`${line}\n`),
    err: (line: string) => void process.stderr.write(`${line}\n`),
  };
  const add = (action: 'cat' | 'export' | 'verify', description: string) =>
    program
      .command(action)
      .description(description)
      .argument('<DIR>', 'what --data named')
      .action(async (directory: string) => {
        const { runLog } = await import('./log.js');
        finish(await runLog({ action, directory }, output));
      });
  add('cat', 'every entry, as one JSON object per line');
  add('export', 'the same, behind the snapshot that stands for the entries before them');
  add('verify', 'one line that says whether the journal is whole');
  program
    .command('backup')
    .description('all that the journal holds, as one file')
    .argument('<DIR>', 'what --data named')
    .argument('<FILE>', 'is written whole or not at all')
    .action(async (directory: string, file: string) => {
      const { backUp } = await import('./log-backup.js');
      finish(await backUp(directory, file, output));
    });
  program
    .command('restore')
    .description('a journal made of a backup; in a cluster that lives its peer comes back as a learner')
    .argument('<FILE>', 'what backup wrote')
    .argument('<DIR>', 'a new folder, for --data')
    .option('--found', 'the cluster is gone: this peer alone founds it again, with all that was backed up')
    .action(async (file: string, directory: string, flags: Flags) => {
      const { restore } = await import('./log-backup.js');
      finish(await restore(file, directory, { isFounding: flags.found === true }, output));
    });
}

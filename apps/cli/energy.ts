/** `bullpen energy`: its flags, and its start. */
import type { Command } from 'commander';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { addPeerFlags, configurationFrom } from './flags.js';

type Flags = Readonly<Record<string, unknown>>;

const ENDS = `
Type help for the commands. exit, Ctrl-C or the end of a pipe leaves the cluster; a second Ctrl-C stops at once.
With --data everything that happens is kept in DATA/energy.log too, as JSON lines.

A newcomer's market, one line per terminal:
  bullpen energy --id 1 --listen 127.0.0.1:7001 --bootstrap
  bullpen energy --id 2 --seed 127.0.0.1:7001
then type, at the second: sell 1 30`;

export function addEnergy(root: Command, finish: (exitCode: number) => void): void {
  const program = root
    .command('energy')
    .description('a peer that trades credits: sell, buy, and watch the sum stay what it is')
    .option(
      '--answer <POLICY>',
      'accept | refuse | ask: what becomes of offers to this peer (default: accept)',
    )
    .option('--quiet', 'writes nothing but errors to the terminal, and everything to the log file')
    .option('--log-file <FILE>', 'where everything is kept as JSON lines (default: energy.log under --data)');
  addPeerFlags(program)
    .addHelpText('after', ENDS)
    .action(async ({ answer, quiet, logFile, ...flags }: Flags) => {
      const configuration = await configurationFrom(flags);
      const { startEnergy } = await import('./energy-start.js');
      const talk = { quiet: quiet === true, logFile: typeof logFile === 'string' ? logFile : undefined };
      finish(await startEnergy(configuration, policyFrom(answer), talk));
    });
  addDrill(program, finish);
}

const POLICIES = ['accept', 'refuse', 'ask'] as const;

function policyFrom(answer: unknown): (typeof POLICIES)[number] {
  const policy = POLICIES.find((one) => one === (answer ?? 'accept'));
  if (policy === undefined)
    throw new ProgramFailure(EXIT.usage, `--answer: must be accept, refuse or ask, not ${String(answer)}`);
  return policy;
}

function addDrill(energy: Command, finish: (exitCode: number) => void): void {
  energy
    .command('drill')
    .description(
      'random trades between real processes while coordinators are killed; every credit is counted',
    )
    .option('--peers <N>', 'processes, 2 to 7 (default: 5)')
    .option('--trades <N>', 'trades to be settled (default: 10000)')
    .option('--kills <N>', 'coordinators that are killed meanwhile (default: 10)')
    .action(async (flags: Flags) => {
      const settings = {
        peers: wholeFrom(flags, 'peers', 2, 7, 5),
        trades: wholeFrom(flags, 'trades', 1, 10_000_000, 10_000),
        kills: wholeFrom(flags, 'kills', 0, 1000, 10),
      };
      if (settings.peers < 3 && settings.kills > 0)
        throw new ProgramFailure(EXIT.usage, '--kills: two peers do not go on without one: use --peers 3');
      const { runDrill } = await import('../energy/drill.js');
      finish(
        await runDrill(settings, (step, words) => void process.stdout.write(`${step.padEnd(10)}${words}\n`)),
      );
    });
}

function wholeFrom(flags: Flags, name: string, least: number, most: number, usual: number): number {
  const value = Number(flags[name] ?? usual);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new ProgramFailure(EXIT.usage, `--${name}: must be a whole number from ${least} to ${most}`);
}

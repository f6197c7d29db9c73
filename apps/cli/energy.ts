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
}

const POLICIES = ['accept', 'refuse', 'ask'] as const;

function policyFrom(answer: unknown): (typeof POLICIES)[number] {
  const policy = POLICIES.find((one) => one === (answer ?? 'accept'));
  if (policy === undefined)
    throw new ProgramFailure(EXIT.usage, `--answer: must be accept, refuse or ask, not ${String(answer)}`);
  return policy;
}

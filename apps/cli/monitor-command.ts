/** The words of `bullpen monitor`. What it needs is loaded when it runs. */
import type { Command } from 'commander';

const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

export function addMonitor(root: Command, finish: (exitCode: number) => void): void {
  root
    .command('monitor')
    .description('watches a running cluster in the terminal: who leads, who is missed, what happens')
    .option(
      '--http <URL>',
      'where a peer serves HTTP; repeat it for every peer that is to be asked itself',
      collect,
    )
    .option('--plain', 'one stable line per event; without a terminal that is so anyway')
    .option('--json', 'one JSON object per event, for programs')
    .addHelpText('after', ENDS)
    .action(async (flags: Readonly<Record<string, unknown>>) => {
      const { runMonitor } = await import('./monitor.js');
      finish(await runMonitor(flags));
    });
}

const ENDS = `
Keys: Space freezes, ← and → go through what was, 1 to 9 select a peer, s shows its statecharts, o its page, w writes its trace, q ends.
Peers without an --http are shown as the others see them. One that dies is shown as not answering, and found again.
Exit codes: 0 clean, 64 bad usage, 75 no peer answers.`;

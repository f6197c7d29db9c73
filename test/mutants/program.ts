/**
 * `npm run mutants`: switches every rule off, one at a time, and shows what notices.
 *
 * Rules of the safety core are looked for by exhaustive search (test/verify/mutants.ts), all others by simulated clusters
 * (simulated.ts). Ends with 1 when a mutant survives: then it is the check that is wrong.
 */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { recordRun } from '../../apps/simulator/ledger.js';
import { bundleProgram, type Patch } from '../bundle.mjs';
import { settingsOrEnd, wholeNumber } from '../support/settings.js';
import { MUTANTS } from '../verify/mutants.js';
import type { Catch } from './engine.js';
import { RELAYED } from './relayed.js';
import { SIMULATED } from './simulated.js';
import { STORAGE } from './storage.js';

interface Candidate {
  readonly patch: Patch;
  readonly rule: string;
  readonly room: string;
  /** What hunts it, and the words it is started with. */
  readonly program: 'test/verify/program.ts' | 'test/mutants/engine.ts';
  readonly words: object;
}

interface Verdict {
  readonly candidate: Candidate;
  /** What noticed: an invariant; null when nothing did. */
  readonly invariant: string | null;
  /** After how much: `17 seeds`, `4,096 states`. */
  readonly after: string;
  readonly seconds: number;
}

const USAGE =
  'usage: npm run mutants -- [--only NAME,…] [--seeds N] [--jobs N] [--table FILE] [--ledger FILE]\n';

function readSettings(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      seeds: { type: 'string', default: '2000' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      table: { type: 'string' },
      ledger: { type: 'string' },
    },
  });
  const only = values.only?.split(',');
  const known: readonly Patch[] = [...MUTANTS, ...SIMULATED, ...STORAGE, ...RELAYED];
  const unknown = only?.find((one) => !known.some(({ name }) => name === one));
  if (unknown !== undefined) throw new Error(`there is no mutant named “${unknown}”`);
  return {
    only,
    seeds: wholeNumber('--seeds', values.seeds),
    jobs: wholeNumber('--jobs', values.jobs),
    table: values.table,
    ledger: values.ledger,
  };
}

const flags = settingsOrEnd('mutants', USAGE, readSettings);

const searched: readonly Candidate[] = MUTANTS.map((mutant) => ({
  patch: mutant,
  rule: mutant.rule,
  room: 'safety core',
  program: 'test/verify/program.ts',
  words: { timeLimit: 300, ...mutant.bounds, json: true },
}));
const simulated: readonly Candidate[] = SIMULATED.map((mutant) => ({
  patch: mutant,
  rule: mutant.rule,
  room: mutant.room,
  program: 'test/mutants/engine.ts',
  words: {
    ...{ engine: 'full', seeds: flags.seeds },
    ...{ peers: mutant.peers ?? 3, kinds: mutant.kinds, story: mutant.story },
  },
}));
const walked: readonly Candidate[] = [...STORAGE, ...RELAYED].map((mutant) => ({
  patch: mutant,
  rule: mutant.rule,
  room: RELAYED.includes(mutant) ? 'relaying' : 'storage',
  program: 'test/mutants/engine.ts',
  words: { engine: mutant.engine, seeds: flags.seeds, peers: 3, kinds: mutant.kinds },
}));
const candidates = [...searched, ...simulated, ...walked].filter(
  ({ patch }) => flags.only === undefined || flags.only.includes(patch.name),
);

const start = performance.now();
const verdicts: Verdict[] = [];
const queue = [...candidates];
await Promise.all(Array.from({ length: flags.jobs }, work));
report();

async function work(): Promise<void> {
  for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
    const verdict = await judge(candidate);
    verdicts.push(verdict);
    process.stdout.write(`${lineOf(verdict)}\n`);
  }
}

async function judge(candidate: Candidate): Promise<Verdict> {
  const { patch, program, words } = candidate;
  const bundle = await bundleProgram(program, { mutant: patch });
  const begun = performance.now();
  const said = await output(bundle, JSON.stringify(words));
  const seconds = (performance.now() - begun) / 1000;
  const result = said === '' ? null : JSON.parse(said);
  if (result === null) return { candidate, invariant: 'defect', after: 'it does not run', seconds };
  if (program === 'test/verify/program.ts') {
    const invariant = result.violation?.invariant ?? null;
    return { candidate, invariant, after: `${result.states.toLocaleString('en')} states`, seconds };
  }
  const { invariant, seeds } = result as Catch;
  return {
    candidate,
    invariant,
    after: `${seeds.toLocaleString('en')} ${seeds === 1 ? 'seed' : 'seeds'}`,
    seconds,
  };
}

/** What the program printed; nothing when it died. */
function output(bundle: string, words: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [bundle, words], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (text) => {
      said += text;
    });
    child.on('close', () => resolve(said.trim().split('\n').at(-1) ?? ''));
  });
}

function lineOf({ candidate, invariant, after, seconds }: Verdict): string {
  const { patch, room } = candidate;
  const found = (invariant ?? 'SURVIVES').padEnd(9);
  return `${patch.name.padEnd(24)} ${room.padEnd(17)} ${found} after ${after} (${seconds.toFixed(1)} s)`;
}

function report(): void {
  const survivors = verdicts.filter(({ invariant }) => invariant === null);
  const caught = `${verdicts.length - survivors.length} of ${verdicts.length} mutants caught`;
  process.stdout.write(`${caught}\n`);
  if (flags.table !== undefined) writeFileSync(flags.table, table());
  if (flags.ledger !== undefined)
    recordRun(flags.ledger, {
      command: 'npm run mutants',
      amount: `${verdicts.length} mutants`,
      seconds: (performance.now() - start) / 1000,
      result: caught,
    });
  process.exitCode = survivors.length === 0 ? 0 : 1;
}

function table(): string {
  const rows = candidates.map(({ patch, rule, room, program }) => {
    const verdict = verdicts.find(({ candidate }) => candidate.patch === patch);
    const by = program === 'test/verify/program.ts' ? 'verify' : 'simulate';
    const found = verdict?.invariant ?? '**survives**';
    return `| ${patch.name} | ${room} | ${rule} | ${by} | ${found} | ${verdict?.after ?? ''} |`;
  });
  return `# Mutants

Every rule switched off once, and what noticed. Written by \`npm run mutants -- --table test/MUTANTS.md\`.

| mutant | room | the rule that is switched off | caught by | invariant | after |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

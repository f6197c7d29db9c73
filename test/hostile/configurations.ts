/**
 * Target: what people and their tools set — flags, environment, files. Either it is a configuration, or it is refused in
 * single lines with an exit code that means bad usage or bad configuration; never by an exception of another kind.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration, SETTINGS } from '../../apps/node/configuration.js';
import { EXIT, ProgramFailure } from '../../apps/node/exit.js';
import { readConfiguration } from '../../apps/node/sources.js';
import type { Choices } from './choices.js';
import { UNPRINTABLE } from './frames.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { flipped, torn, written } from './mutations.js';
import { payloadFrom, textFrom } from './schema-values.js';

interface Settings {
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Bytes, one for each character; null without a file. */
  readonly file: string | null;
}

const KEYS = SETTINGS.map(({ key }) => key as string);
const VARIABLES = SETTINGS.map(({ variable }) => variable);

/** What some setting takes, or nearly. */
const VALUES = [
  '1',
  '3',
  'a.b-c',
  '127.0.0.1:0',
  '[::1]:7001',
  '3:localhost:7003',
  'localhost:99999',
  'ws://127.0.0.1:1',
  'safe',
  'safe-mem',
  'classic',
  'lan',
  'fast',
  'auction',
  'never',
  'immediate',
  'multicast',
  'true',
  'off',
  'info',
  '-5',
  '0',
  '1e9',
  '99999999999999999999',
  'x'.repeat(5000),
];

const valueFrom = (choices: Choices): string => (choices.onceIn(3) ? textFrom(choices) : choices.of(VALUES));

function flagsFrom(choices: Choices): Settings['flags'] {
  const id = choices.onceIn(10) ? {} : { id: choices.onceIn(6) ? valueFrom(choices) : '1' };
  const others = choices.some(3, (c) => {
    const key = c.of(KEYS);
    const value = c.onceIn(4) ? c.of([true, false, ['127.0.0.1:1', valueFrom(c)], []]) : valueFrom(c);
    return [key, value] as const;
  });
  return { ...id, ...Object.fromEntries(others) };
}

function environmentFrom(choices: Choices): Settings['environment'] {
  const pairs = choices.some(3, (c) => {
    const variable = c.of(VARIABLES);
    const name = c.onceIn(6)
      ? c.of([variable.slice(1), `${variable}S`, `BULLPEN_${textFrom(c)}`, variable.toLowerCase()])
      : variable;
    return [name, valueFrom(c)] as const;
  });
  return Object.fromEntries(pairs);
}

/** YAML that has hurt readers of YAML before. */
const YAML = [
  'id: 1\n---\nid: 2\n',
  'id: &a [*a]\n',
  'id: &a {b: *a}\n',
  `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(/./g, (k) => `${k}: &${k} [${'*a,'.repeat(9)}]\n`)}`,
  `a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nid: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
  'id: !!binary aGVsbG8=\n',
  'id: !!set {a, b}\n',
  'id: !!js/function "function () { return 1 }"\n',
  '!!omap [id: 1]\n',
  '%YAML 9.9\n---\nid: 1\n',
  '%TAG ! tag:x,2000:\n---\nid: !x 1\n',
  'id: 2001-12-14t21:59:43.10-05:00\n',
  'id: .nan\npriority: .inf\n',
  'priority: 0x1F\nid: 0o17\n',
  '? [a, b]\n: 1\n',
  '? {a: b}\n: 1\n',
  '<<: {id: 1}\n',
  '<<: [{id: 1}, {id: 2}]\n',
  'id: |\n  many\n  lines\n',
  '"id\\nx": 1\n',
  '"\\u001b[31m": 1\n',
  '"a\\u2028b": 1\n',
  'id: 1\nid: 2\n',
  'id:\t1\n',
  '\tid: 1\n',
  '"id: 1',
  '- id\n- 1\n',
  'null\n',
  '12\n',
  '',
  '#',
  '__proto__: {id: 1}\n',
  'constructor: 1\n',
  '\u0000\u0001',
  `${'k'.repeat(20_000)}: 1\n`,
  `id: ${'['.repeat(3000)}${']'.repeat(3000)}\n`,
  `id: ${'{a: '.repeat(800)}${'}'.repeat(800)}\n`,
  `${Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}\n`,
  `id:\n  ${'- '.repeat(3000)}1\n`,
  `${'? '.repeat(3000)}1\n`,
  `${'? '.repeat(80)}?!${'? '.repeat(3000)}1\n`,
  `id: ${'['.repeat(90)}${']'.repeat(90)}\n`,
  `id: 1\n${'# x\n'.repeat(5000)}`,
];

function fileFrom(choices: Choices): string {
  const text = choices.onceIn(3) ? choices.of(YAML) : settingsFile(choices);
  const bytes = Buffer.from(torn(text, choices), 'utf8');
  if (choices.onceIn(6)) flipped(bytes, choices);
  return bytes.toString('latin1');
}

function settingsFile(choices: Choices): string {
  const pairs = [['id', '1'] as const, ...choices.some(5, (c) => [nameFrom(c), anyValue(c)] as const)];
  if (choices.onceIn(2)) return written(Object.fromEntries(pairs), choices).text;
  return pairs.map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join('');
}

function nameFrom(choices: Choices): string {
  const key = choices.of([...KEYS, 'seed']);
  if (choices.onceIn(8)) return textFrom(choices);
  return choices.onceIn(4) ? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : key;
}

const anyValue = (choices: Choices): unknown =>
  choices.onceIn(2) ? payloadFrom(choices) : valueFrom(choices);

export const configurations: Target<Settings> = {
  name: 'configuration',
  share: 20,
  inputsPerWorld: 1000,
  isComputing: true,
  draw: (choices) => ({
    flags: flagsFrom(choices),
    environment: choices.onceIn(2) ? environmentFrom(choices) : {},
    file: choices.onceIn(3) ? null : fileFrom(choices),
  }),
  show: ({ flags, environment, file }) => JSON.stringify({ flags, environment, file }),
  open: () => new Desk(),
};

/** Lines for people, not novels. */
const LINE_MAX = 1000;
const CODES: readonly number[] = [EXIT.usage, EXIT.configuration];

class Desk implements World<Settings> {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bullpen-hostile-'));

  async judge({ flags, environment, file }: Settings): Promise<Verdict> {
    const path = join(this.#folder, 'bullpen.yaml');
    if (file !== null) writeFileSync(path, Buffer.from(file, 'latin1'));
    try {
      const read = await readConfiguration({ flags, environment, ...(file === null ? {} : { file: path }) });
      const isSound = Configuration.safeParse(read).success;
      return { outcome: 'taken', complaint: isSound ? null : `unsound: ${JSON.stringify(read)}` };
    } catch (problem) {
      if (!(problem instanceof ProgramFailure)) throw problem;
      return { outcome: `exit ${problem.exitCode}`, complaint: wrongWith(problem) };
    }
  }

  close(): null {
    rmSync(this.#folder, { recursive: true });
    return null;
  }
}

function wrongWith({ exitCode, lines }: ProgramFailure): string | null {
  if (!CODES.includes(exitCode)) return `exit code: ${exitCode}`;
  if (lines.length === 0) return 'no line: it says nothing';
  const bad = lines.find((line) => UNPRINTABLE.test(line) || line.trim() === '');
  if (bad !== undefined) return `not a line: ${JSON.stringify(bad.slice(0, 300))}`;
  const long = lines.find((line) => line.length > LINE_MAX);
  return long === undefined ? null : `long: a line of ${long.length} characters: ${long.slice(0, 100)}`;
}

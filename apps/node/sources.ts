/** Where settings come from: flags before environment before file. What is wrong with one is said under the name it has there. */
import { readFileSync } from 'node:fs';
import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { Configuration, flagName, SETTINGS, type Setting } from './configuration.js';
import { EXIT, ProgramFailure } from './exit.js';

/** What a user wrote, before it is checked. */
interface Written {
  readonly value: unknown;
  /** What the user calls it: `--mode`, `BULLPEN_MODE`, `peer.yaml: mode`. */
  readonly name: string;
  readonly from: 'flag' | 'environment' | 'file';
}

export interface Sources {
  /** By setting key, as commander read them. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of a YAML or JSON file. */
  readonly file?: string | undefined;
}

/**
 * Merges the three sources and checks what comes out.
 *
 * @throws ProgramFailure with one line per wrong value; 78 when only the file is to blame, else 64.
 */
export async function readConfiguration({ flags, environment, file }: Sources): Promise<Configuration> {
  const written = new Map<string, Written>([
    ...(file === undefined ? [] : await fromFile(file)),
    ...fromEnvironment(environment),
    ...fromFlags(flags),
  ]);
  const checked = Configuration.safeParse(
    Object.fromEntries([...written].map(([key, { value }]) => [key, value])),
  );
  if (checked.success) return checked.data;
  // The first thing wrong with each value says enough.
  const firsts = new Map([...checked.error.issues].reverse().map((issue) => [issue.path[0], issue]));
  throw failureOf([...firsts.values()].reverse().map((issue) => complaintAbout(issue, written)));
}

interface Complaint {
  readonly line: string;
  readonly from: Written['from'];
}

function failureOf(complaints: readonly Complaint[]): ProgramFailure {
  const onlyTheFile = complaints.every(({ from }) => from === 'file');
  const lines = complaints.map(({ line }) => line);
  return new ProgramFailure(onlyTheFile ? EXIT.configuration : EXIT.usage, ...lines);
}

function fromFlags(flags: Sources['flags']): [string, Written][] {
  return SETTINGS.flatMap((setting) => {
    const value = flags[setting.key];
    if (value === undefined || setting.flag === null) return [];
    const name = flagName(setting.flag);
    return [[setting.key, { value: spelled(setting, value), name, from: 'flag' }] as [string, Written]];
  });
}

function fromEnvironment(environment: Sources['environment']): [string, Written][] {
  refuseSlips(Object.keys(environment));
  return SETTINGS.flatMap((setting) => {
    const text = environment[setting.variable];
    if (text === undefined || text === '') return [];
    const value = spelled(setting, setting.spelling === 'list' ? text.split(',') : text);
    return [[setting.key, { value, name: setting.variable, from: 'environment' }] as [string, Written]];
  });
}

const VARIABLES = [...SETTINGS.map(({ variable }) => variable), 'BULLPEN_CONFIG'];
const SLIP_MAX = 2;

/** Others may have variables that begin as ours do (Kubernetes does); one almost like ours was meant to be ours. */
function refuseSlips(names: readonly string[]): void {
  const strange = names.filter((name) => name.startsWith('BULLPEN_') && !VARIABLES.includes(name));
  const lines = strange.flatMap((name) => {
    const nearest = closest(name, VARIABLES);
    if (distance(name, nearest) > SLIP_MAX) return [];
    return [`there is no variable ${name}; did you mean ${nearest}?`];
  });
  if (lines.length > 0) throw new ProgramFailure(EXIT.usage, ...lines);
}

async function fromFile(path: string): Promise<[string, Written][]> {
  return Object.entries(await parseFile(path)).map(([writtenKey, value]) => {
    const key = keyOf(writtenKey);
    if (!SETTINGS.some((setting) => setting.key === key)) {
      const nearest = closest(
        key,
        SETTINGS.map((setting) => setting.key),
      );
      throw new ProgramFailure(
        EXIT.configuration,
        `${path}: there is no setting "${shortened(key)}"; did you mean "${nearest}"?`,
      );
    }
    const list = key === 'seeds' && typeof value === 'string' ? value.split(',') : value;
    // In a file ids are often written as numbers.
    const id = key === 'id' && typeof value === 'number' ? String(value) : list;
    return [key, { value: id, name: `${path}: ${writtenKey}`, from: 'file' }];
  });
}

/** In a file a setting may also be written as its flag is: `log-level`, `seed`. */
function keyOf(written: string): string {
  if (written === 'seed') return 'seeds';
  return written.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

async function parseFile(path: string): Promise<object> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    throw new ProgramFailure(EXIT.configuration, `--config: cannot read ${path} (${code})`);
  }
  if (isDeep(text))
    throw new ProgramFailure(
      EXIT.configuration,
      `${path} is nested too deep: it must hold settings, as "name: value"`,
    );
  const { parseDocument } = await import('yaml');
  try {
    // What it would only warn of (a tag nobody knows, another version of YAML) is a mistake as well.
    const document = parseDocument(text, { logLevel: 'error' });
    const [mistake] = [...document.errors, ...document.warnings];
    if (mistake !== undefined) throw mistake;
    const content: unknown = document.toJS() ?? {};
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch (problem) {
    const [first = ''] = (problem as Error).message.split('\n');
    throw new ProgramFailure(EXIT.configuration, `${path} is neither YAML nor JSON: ${shortened(first)}`);
  }
  throw new ProgramFailure(EXIT.configuration, `${path} must hold settings, as "name: value"`);
}

const NESTING_MAX = 100;

/**
 * Settings are flat. The reader of YAML runs out of stack in a deep file, which V8 cannot always survive: it ends the
 * process when it has no room to compile a regular expression.
 */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth += 1;
    else if (sign === ']' || sign === '}') depth -= 1;
    if (depth > NESTING_MAX) return true;
  }
  return text.split('\n').some((line) => levelsIn(line) > NESTING_MAX);
}

/** How many levels a line opens at most: by its indentation, and by the signs of lists and maps. */
function levelsIn(line: string): number {
  const indentation = line.length - line.trimStart().length;
  return indentation / 2 + (line.match(/[-?:](?=\s)/g)?.length ?? 0);
}

/** Turns text into what the schema expects; text that is not of that kind stays, for the schema to refuse. */
function spelled({ spelling }: Setting, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  switch (spelling) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
    case 'switch':
    case 'switch-or-text': {
      if (/^(1|true|yes|on)$/i.test(value)) return true;
      return /^(0|false|no|off)$/i.test(value) ? false : value;
    }
    case 'list':
      return [value];
    case 'text':
      return value;
    default:
      return spelling satisfies never;
  }
}

function complaintAbout(issue: z.core.$ZodIssue, written: ReadonlyMap<string, Written>): Complaint {
  const key = String(issue.path[0]);
  const origin = written.get(key);
  if (origin !== undefined)
    return { line: `${origin.name}: ${sentenceOf(issue, origin.value)}`, from: origin.from };
  if (key === 'id')
    return {
      line: '--id is missing: give the peer an id (or set BULLPEN_ID, or id in the file)',
      from: 'flag',
    };
  // A rule between two settings names one that has its default: blame what the user wrote last of the rule.
  const from = [...written.values()].every((one) => one.from === 'file') ? 'file' : 'flag';
  return { line: `${key}: ${issue.message}`, from };
}

function sentenceOf(issue: z.core.$ZodIssue, value: unknown): string {
  const shown = quoted(Array.isArray(value) ? (value[Number(issue.path[1] ?? 0)] ?? value) : value);
  switch (issue.code) {
    case 'invalid_value':
      return `${shown} is not known; must be ${alternatives(issue.values)}`;
    case 'invalid_type':
      return `${shown} must be ${issue.expected === 'int' ? 'a whole number' : `a ${issue.expected}`}`;
    case 'too_small':
      return `${shown} is too small; at least ${issue.minimum}${issue.origin === 'string' ? ' character' : ''}`;
    case 'too_big':
      return `${shown} is too large; at most ${issue.maximum}${issue.origin === 'string' ? ' characters' : ''}`;
    default:
      return `${shown} ${issue.message}`;
  }
}

/** `value` as it was written, or what of it fits into a line. */
function quoted(value: unknown): string {
  try {
    return shortened(JSON.stringify(value) ?? String(value));
  } catch {
    // Anchors of YAML can do that.
    return 'a value that holds itself';
  }
}

const SHOWN_MAX = 200;
const shortened = (text: string): string => (text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text);

function alternatives(values: readonly unknown[]): string {
  const words = values.map(String);
  return words.length === 1 ? String(words[0]) : `one of ${words.join(', ')}`;
}

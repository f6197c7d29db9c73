/** Scripts: what a link carries and a file keeps, read with suspicion and completed with what goes without saying. */
import * as z from 'zod';
import { PeerOptions } from '../../../actors/anywhere.js';
import { PeerId } from '../../../transport/anywhere.js';
import { Fault, Scenario, timingsIn } from '../../simulator/index.js';
import type { Act, Script } from '../contract.js';

/** A script is refused beyond so many characters: no hand writes as many. */
export const SCRIPT_LENGTH_MAX = 1_000_000;
const ACTS_MAX = 10_000;

const DAY_MS = 86_400_000;
const At = z.number().min(0).max(DAY_MS);
const at = { at: At };
const MessageName = z.string().regex(/^[^>#]{1,64}>[^>#]{1,64}#[1-9]\d{0,9}$/, 'names a message, as 4>5#17');
const One = z.strictObject({ id: MessageName });
const Many = z.strictObject({
  from: PeerId.optional(),
  to: PeerId.optional(),
  type: z.string().min(1).max(64).optional(),
  forMs: At.optional(),
  most: z.number().int().min(1).max(1_000_000).optional(),
});
const which = z.union([One, Many]);

const MessageAct = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['drop', 'hold', 'duplicate']), ...at, which }),
  z.strictObject({ kind: z.literal('delay'), ...at, which, byMs: z.number().min(-DAY_MS).max(DAY_MS) }),
  z.strictObject({ kind: z.literal('deliver'), ...at, which: One }),
]);

const TimerAct = z.strictObject({
  kind: z.literal('timer'),
  ...at,
  peer: PeerId,
  actor: z.string().min(1).max(200),
  event: z.string().min(1).max(200),
  toMs: At,
});

const KINDS_BEYOND_FAULTS = ['drop', 'hold', 'duplicate', 'delay', 'deliver', 'timer'];

/** By its kind rather than through a union: so what is wrong with an act is said of that kind alone. */
const ActSchema = z.looseObject({ kind: z.string(), ...at }).transform((act, context): Act => {
  const { kind } = act;
  const schema = kind === 'timer' ? TimerAct : KINDS_BEYOND_FAULTS.includes(kind) ? MessageAct : Fault;
  const read = (schema as z.ZodType<Act>).safeParse(act);
  if (read.success) return read.data;
  for (const { path, message } of read.error.issues) context.addIssue({ code: 'custom', path, message });
  return z.NEVER;
});

/** Without faults: those are acts. The textbook's takeover goes with its mode. */
const ScenarioSchema = Scenario.omit({ faults: true, founding: true, horizonMs: true }).extend({
  horizonMs: Scenario.shape.horizonMs.default(0),
});

export const ScriptSchema = z
  .strictObject({
    v: z.literal(1, 'is not a version that this page can read').default(1),
    name: z.string().max(200).optional(),
    scenario: z.preprocess(withItsTakeover, ScenarioSchema),
    acts: z.array(ActSchema).max(ACTS_MAX).default([]),
  })
  .superRefine(({ scenario, acts }, context) => {
    const { peers, options } = scenario;
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (new Set(peers).size !== peers.length) refuse(['scenario', 'peers'], 'names a peer twice');
    const { timings, ...others } = options;
    const read = PeerOptions.safeParse({ ...others, ...timings, id: peers[0] ?? '1' });
    for (const { path, message } of read.error?.issues ?? [])
      refuse(['scenario', 'options', ...path.map(String)], message);
    acts.forEach((act, place) => {
      const stranger = strangerIn(act, peers);
      if (stranger !== undefined) refuse(['acts', place], `there is no peer ${stranger}`);
    });
  });

/** What a hand writes: all that goes without saying may be left out. */
export interface ScriptInput {
  readonly v?: 1;
  readonly name?: string | undefined;
  readonly scenario: Omit<z.input<typeof ScenarioSchema>, 'options'> & {
    readonly options?: z.input<typeof Scenario>['options'];
  };
  readonly acts?: readonly Act[];
}

/** What is wrong with a script, in one line. */
export class ScriptProblem extends Error {}

/**
 * Completes a script.
 *
 * @throws ScriptProblem where it says what cannot be.
 */
export function scriptOf(input: ScriptInput): Script {
  return parsed(input);
}

/**
 * Reads a script from a file or a link.
 *
 * @throws ScriptProblem in one line.
 */
export function readScript(text: string): Script {
  if (text.length > SCRIPT_LENGTH_MAX) throw new ScriptProblem('not a script: it is too long');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ScriptProblem('not a script: it is not JSON');
  }
  return parsed(value);
}

/** The script with one act more, in its place in time. */
export function withAct(script: Script, act: Act): Script {
  const acts = [...script.acts, act].sort((a, b) => a.at - b.at);
  return { ...script, acts };
}

/** The script as far as it has come by `atMs`, under another name: what is meant for later is left out. */
export function fork(script: Script, atMs: number, name?: string): Script {
  const acts = script.acts.filter(({ at }) => at < atMs);
  return { ...script, acts, ...(name !== undefined && { name }) };
}

function parsed(value: unknown): Script {
  const read = ScriptSchema.safeParse(value);
  if (read.success) return read.data as Script;
  const [issue] = read.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new ScriptProblem(`not a script: ${path === '' ? '' : `${path}: `}${issue?.message ?? 'malformed'}`);
}

function withItsTakeover(value: unknown): unknown {
  const { options } = (value ?? {}) as {
    readonly options?: { readonly mode?: unknown; readonly takeover?: unknown };
  };
  if (options?.mode !== 'classic' || options.takeover !== undefined) return value;
  return { ...(value as object), options: { ...options, takeover: 'immediate' } };
}

/** A peer that an act speaks of, and the scenario does not know; those that join may be new. */
function strangerIn(act: Act, peers: readonly PeerId[]): PeerId | undefined {
  if (act.kind === 'join' || act.kind === 'client') return undefined;
  const named = [
    ...('peer' in act ? [act.peer] : []),
    ...('from' in act ? [act.from] : []),
    ...('to' in act ? [act.to] : []),
    ...('sides' in act ? act.sides.flat() : []),
  ];
  return named.find((id) => !peers.includes(id));
}

/** How long a run of this script may go without news before something is wrong: its suspect time-out. */
export const suspectTimeoutOf = (script: Script): number => timingsIn(script.scenario).suspectTimeoutMs;

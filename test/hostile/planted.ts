/**
 * Bugs planted one at a time, to see that the fuzzers find them: each takes away one thing that stands between a stranger
 * and the state, or between a damaged file and a wrong answer.
 */
import { spawn } from 'node:child_process';
import { bundleProgram, type Patch } from '../bundle.mjs';
import type { Finding } from './fuzzing.js';

export interface Planted extends Patch {
  /** What it takes away. */
  readonly rule: string;
  /** Who should find it, among so many inputs. */
  readonly target: string;
  readonly inputs: number;
}

export const PLANTED: readonly Planted[] = [
  {
    name: 'no-size-limit',
    rule: 'a greeting has at most 8 KiB',
    file: 'transport/codec.ts',
    from: 'if (text.length > bytesMax || (text.length * 3 > bytesMax && bytesOf(text) > bytesMax))',
    to: 'if (bytesMax === 0)',
    target: 'greeting',
    inputs: 500,
  },
  {
    name: 'no-depth-limit',
    rule: 'a message has at most 16 levels',
    file: 'transport/codec.ts',
    from: "if (levels === 0) return 'too-deep';",
    to: "if (levels === -1000) return 'too-deep';",
    target: 'frame',
    inputs: 2000,
  },
  {
    name: 'no-forbidden-key',
    rule: 'no key is __proto__, constructor or prototype',
    file: 'transport/codec.ts',
    from: "if (key === '__proto__' || key === 'constructor' || key === 'prototype') return 'forbidden-key';",
    to: '',
    target: 'frame',
    inputs: 5000,
  },
  {
    name: 'infinity-is-null',
    rule: 'a number is the same once it was written and read',
    file: 'transport/codec.ts',
    from: "if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? null : 'bad-number';",
    to: '',
    target: 'frame',
    inputs: 20_000,
  },
  {
    name: 'payload-too-deep',
    rule: 'a payload has at most 11 levels',
    file: 'transport/codec.ts',
    from: 'const parsed = parse(text, LIMITS.payloadBytesMax, LIMITS.payloadDepthMax);',
    to: 'const parsed = parse(text, LIMITS.payloadBytesMax, LIMITS.depthMax);',
    target: 'payload',
    inputs: 500,
  },
  {
    name: 'payload-too-deep-for-others',
    rule: 'a payload has at most 11 levels, whoever submits it',
    file: 'transport/codec.ts',
    from: 'const code = faultIn(payload, LIMITS.payloadDepthMax);',
    to: 'const code = faultIn(payload, LIMITS.depthMax);',
    target: 'frame',
    inputs: 250_000,
  },
  {
    name: 'no-impostor',
    rule: 'a frame speaks in the name of whoever greeted',
    file: 'actors/link-line.ts',
    from: 'const impostor = messages.find((message) => message.from !== this.#remote?.id);',
    to: 'const impostor = messages.find(() => false);',
    target: 'stranger',
    inputs: 60,
  },
  {
    name: 'no-cookie',
    rule: 'who dials over UDP shows that it hears what is sent to its address',
    file: 'transport/udp-door.ts',
    from: 'else if (!this.#isGood(cookie, address, mine))',
    to: 'else if (limit === 0)',
    target: 'datagram',
    inputs: 500,
  },
  {
    name: 'any-cluster',
    rule: 'peers of other clusters are refused',
    file: 'machines/values/greeting.ts',
    from: 'if (host.cluster !== guest.cluster)',
    to: "if (host.cluster === '')",
    target: 'stranger',
    inputs: 400,
  },
  {
    name: 'any-refusal',
    rule: 'a stranger who refuses a seeking peer does not stop it',
    file: 'actors/peer.ts',
    from: 'event.address !== null &&\n      FATAL',
    to: 'FATAL',
    target: 'stranger',
    inputs: 80,
  },
  {
    name: 'unfenced',
    rule: 'what comes from before the promise is not obeyed, and takes no promise back',
    file: 'machines/sequencer-rules.ts',
    from: [
      '  higherTerm(context.promised, termOf(event) ?? context.promised);',
      '',
      '/** It comes from before our promise. */',
      'export const isFenced = (context: Context, event: SequencerEvent): boolean => {',
      '  const term = termOf(event);',
      '  return term !== undefined && compareTerms(term, context.promised) < 0;',
    ].join('\n'),
    to: [
      '  (termOf(event) ?? context.promised);',
      '',
      '/** It comes from before our promise. */',
      'export const isFenced = (context: Context, event: SequencerEvent): boolean => {',
      '  const term = termOf(event);',
      '  return term !== undefined && term.n < 0;',
    ].join('\n'),
    target: 'liar',
    inputs: 400,
  },
  {
    name: 'ragged-trace',
    rule: 'a record of the trace is one line',
    file: 'apps/node/trace-recorder.ts',
    from: 'const line = JSON.stringify(record);',
    to: 'const line = JSON.stringify(record, null, 1);',
    target: 'trace',
    inputs: 10,
  },
  {
    name: 'no-checksum',
    rule: 'a record of the journal stands behind its checksum',
    file: 'actors/journal-level-records.ts',
    from: 'if (text.slice(0, CHECKSUM_LENGTH + 1) !== ',
    to: 'if (text === ',
    target: 'journal',
    inputs: 100,
  },
  {
    name: 'no-witness',
    rule: 'the label knows how many syncs the journal holds',
    file: 'actors/journal-level-folder.ts',
    from: "if (typeof label === 'object' && label.syncs > tail.syncs)",
    to: "if (label === 'unreadable' && tail.syncs < 0)",
    target: 'journal',
    inputs: 60,
  },
  {
    name: 'deep-body',
    rule: 'a body too deep to be written is refused',
    file: 'apps/node/http-messages.ts',
    from: 'if (encoded.ok) return message;',
    to: 'if (JSON.stringify(message.payload) !== undefined) return message;',
    target: 'http',
    inputs: 800,
  },
  {
    name: 'kept-place',
    rule: 'a stream ends with its connection',
    file: 'apps/node/http-streams.ts',
    from: 'if (socket === null || socket.destroyed)',
    to: 'if (socket?.destroyed)',
    target: 'http',
    inputs: 1000,
  },
  {
    name: 'stray-rejection',
    rule: 'no rejection is left to nobody',
    file: 'apps/node/http-messages.ts',
    from: "app.get('/v1/messages', async (request) => {",
    to: "app.get('/v1/messages', async (request) => {\n    void Promise.reject(new Error('planted'));",
    target: 'http',
    inputs: 100,
  },
  {
    name: 'several-lines',
    rule: 'a mistake in a configuration is one line',
    file: 'apps/node/exit.ts',
    from: 'const shown = lines.map(printable);',
    to: 'const shown = lines;',
    target: 'configuration',
    inputs: 100,
  },
];

/**
 * Plants every bug and looks what becomes of it.
 *
 * @returns how many the fuzzers missed.
 */
export async function hunted(say: (line: string) => void): Promise<number> {
  let missed = 0;
  for (const bug of PLANTED) {
    const { findings, inputs } = await hunt(bug);
    const [found] = findings;
    const what =
      found === undefined ? 'MISSED' : `found: ${(found.complaint.split('\n')[0] ?? '').slice(0, 90)}`;
    say(`${bug.name.padEnd(18)} ${bug.rule}: ${what} (${bug.target}, ${inputs} inputs)`);
    if (found === undefined) missed += 1;
  }
  return missed;
}

/** What the fuzzers find in the program with the bug in it, and after how many inputs they stopped. */
export async function hunt(
  bug: Planted,
  seed = 1,
): Promise<{ findings: readonly Finding[]; inputs: number }> {
  const path = await bundleProgram('test/hostile/program.ts', { mutant: bug });
  const words = [
    '--target',
    bug.target,
    '--inputs',
    String(bug.inputs),
    '--seed',
    String(seed),
    '--jobs',
    '1',
  ];
  const child = spawn(process.execPath, [path, ...words, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  for await (const part of child.stdout) said += part;
  return JSON.parse(said) as { findings: readonly Finding[]; inputs: number };
}

/** The sequencer's cast for pure tests: three voters, 1 to 3, their letters, and how far each has come. */
import type { SnapshotFrom } from 'xstate';
import { sequencerMachine } from '../../machines/sequencer.js';
import type { SequencerEvent, SequencerInput } from '../../machines/sequencer-rules.js';
import { Log } from '../../machines/values/log.js';
import type { Letter } from '../../machines/values/sequencing.js';
import type { Configuration, Entry, PeerId, SequencerMessage, Term } from '../../transport/protocol.js';
import { configurationOf, member, term } from './members.js';
import { after, type Effect, start, step } from './step.js';

export type Snapshot = SnapshotFrom<typeof sequencerMachine>;
type Played = [Snapshot, Effect[]];
type Letters<Type extends SequencerMessage['type']> = Extract<SequencerMessage, { type: Type }>;

export const T0 = term(0, '1');
export const voters = configurationOf(['1', '2', '3']);

export const configured = (body: Configuration, of: Term = T0, at = 0): Entry => ({
  kind: 'configuration',
  term: of,
  at,
  body,
});
export const founding = configured(voters);
export const noop = (of: Term, at = 0): Entry => ({ kind: 'noop', term: of, at, body: null });

/** The entry a submission becomes. */
export const entry = (of: Term, number: number, at = 0): Entry => ({
  kind: 'submission',
  term: of,
  at,
  body: { session: 1, submission: { number, topic: 't', payload: number } },
});

export const timings: SequencerInput['timings'] = {
  heartbeatIntervalMs: 200,
  suspectTimeoutMs: 1000,
  stickinessMs: 800,
  collectTimeoutMs: 1000,
  handoverTimeoutMs: 800,
};

/** A peer just started, from what its disk held. */
export const waking = (
  id: PeerId,
  { entries = [founding], ...rest }: Partial<SequencerInput> & { entries?: Entry[] } = {},
): Played =>
  start(sequencerMachine, {
    me: member(id),
    promised: T0,
    log: Log.of(entries),
    writes: 0,
    timings,
    ...rest,
  });

/** Plays events in turn; answers where it ended, and what the last one brought. */
export function play(snapshot: Snapshot, ...events: readonly SequencerEvent[]): Played {
  return events.reduce<Played>(([now], event) => step(sequencerMachine, now, event), [snapshot, []]);
}

/** Lets a delay of the state `id` pass. */
export const elapse = (snapshot: Snapshot, delay: string, id: string): Played =>
  after(sequencerMachine, snapshot, delay, `sequencer.${id}`);

/** The disk has done all it was asked for, unless told how far it came. */
export const persisted = (
  { context }: Snapshot,
  { write = context.writes, promised = context.promised, last = context.log.lastIndex } = {},
): SequencerEvent => ({ type: 'journal.persisted', write, promised, last });

export const settled = (snapshot: Snapshot): Played => play(snapshot, persisted(snapshot));

export const append = (
  of: Term,
  prevIndex: number,
  prevTerm: Term,
  entries: readonly Entry[] = [],
  commit = 0,
): SequencerEvent => ({
  type: 'sequencer.append',
  from: of.owner,
  term: of,
  prevIndex,
  prevTerm,
  entries,
  commit,
});

export const collect = (of: Term, handoverOf: Term | null = null): SequencerEvent => ({
  type: 'sequencer.collect',
  from: of.owner,
  term: of,
  handoverOf,
});

export const promise = (
  from: PeerId,
  of: Term,
  { lastIndex = 1, lastTerm = T0, configuration = voters, incarnation = member(from).incarnation } = {},
): Letters<'sequencer.promise'> => ({
  type: 'sequencer.promise',
  from,
  term: of,
  incarnation,
  lastIndex,
  lastTerm,
  configuration,
});

export const appended = (
  from: PeerId,
  of: Term,
  match: number,
  incarnation = member(from).incarnation,
): Letters<'sequencer.appended'> => ({ type: 'sequencer.appended', from, term: of, incarnation, match });

export const rejected = (
  from: PeerId,
  of: Term,
  { promised = of, hint = 0 } = {},
): Letters<'sequencer.rejected'> => ({ type: 'sequencer.rejected', from, term: of, promised, hint });

export const refuse = (
  from: PeerId,
  of: Term,
  promised: Term,
  reason: 'promised' | 'busy' = 'promised',
): Letters<'sequencer.refuse'> => ({ type: 'sequencer.refuse', from, term: of, promised, reason });

export const submit = (number: number, at = 0): SequencerEvent => ({
  type: 'sequencer.submit',
  from: '1',
  session: 1,
  submissions: [{ number, topic: 't', payload: number }],
  at,
});

/** 1, loyal to the coordinator of `of`, whose heartbeat it has on disk. */
export function loyal(of: Term, entries: Entry[] = [founding]): Snapshot {
  const [awake] = waking('1', { entries });
  const [obeying] = play(awake, append(of, entries.length, entries.at(-1)?.term ?? T0));
  return settled(obeying)[0];
}

/** `id` has written its own term down, and asks for promises. */
export function collecting(id: PeerId, entries: Entry[] = [founding]): Snapshot {
  const [standing] = play(waking(id, { entries })[0], { type: 'collect.requested', handoverOf: null });
  return settled(standing)[0];
}

/** 3 coordinates its term 1; its noop, entry 2, is on no disk yet. */
export const T1 = term(1, '3');
export const establishing = (): Snapshot => play(collecting('3'), promise('1', T1))[0];

/** 3 serves: its noop is on its own disk and on that of 1. */
export function serving(): Snapshot {
  const [stored] = settled(establishing());
  return play(stored, appended('1', T1, 2))[0];
}

/** What went out in one step, letter by letter. */
export const sent = (effects: readonly Effect[]): readonly Letter[] =>
  effects.flatMap((effect) => {
    if (effect.type === 'sendEach') return effect.letters as readonly Letter[];
    return effect.type === 'send' ? [{ to: effect.to, message: effect.message } as Letter] : [];
  });

export const messages = (effects: readonly Effect[]) => sent(effects).map(({ message }) => message);
export const writes = (effects: readonly Effect[]) => effects.filter(({ type }) => type === 'write');
export const facts = (effects: readonly Effect[]) =>
  effects.filter(({ type }) => !['send', 'sendEach', 'write'].includes(type)).map(({ type }) => type);

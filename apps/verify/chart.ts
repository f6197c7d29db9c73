/**
 * The shipped sequencer, one event at a time: its chart, guards, steps and letters as they are, without timers, network
 * or disk.
 */
import { createActor, type SnapshotFrom } from 'xstate';
import type { Log } from '../../machines/index.js';
import {
  type JournalWrite,
  type Letter,
  type SequencerEvent,
  sequencerMachine,
} from '../../machines/index.js';
import type { Member, Term } from '../../transport/index.js';

export type Snapshot = SnapshotFrom<typeof sequencerMachine>;
export type Context = Snapshot['context'];
export type Value = Snapshot['value'];

/** What a peer did upon an event: where it is now, what it wants on its disk, and what it said meanwhile. */
export interface Answer {
  readonly snapshot: Snapshot;
  readonly writes: readonly JournalWrite[];
  readonly said: readonly Letter[];
}

interface Effect {
  readonly type: string;
  readonly params: unknown;
}

/** Nothing is ever waited for: what a timer does can happen at any moment. */
export const TIMINGS = {
  heartbeatIntervalMs: 1,
  suspectTimeoutMs: 1,
  stickinessMs: 1,
  collectTimeoutMs: 1,
  handoverTimeoutMs: 1,
};

export class Chart {
  readonly #effects: Effect[] = [];
  readonly #places = new Map<string, Snapshot>();
  readonly #scope: Parameters<typeof sequencerMachine.transition>[2];

  constructor(me: Member, log: Log) {
    const input = { me, promised: { n: 0, owner: me.id }, log, writes: 0, timings: TIMINGS };
    const idle = createActor(sequencerMachine, { input });
    // One scope for all steps: `transition()` builds an actor each time, which takes several times as long.
    this.#scope = {
      self: idle,
      id: '',
      sessionId: '',
      system: idle.system,
      logger: () => {},
      defer: () => {},
      stopChild: () => {},
      emit: () => {},
      actionExecutor: (effect: Effect) => this.#effects.push(effect),
    } as never;
  }

  /** A peer as it starts with what its disk holds. */
  start(me: Member, promised: Term, log: Log): Snapshot {
    return sequencerMachine.getInitialSnapshot(this.#scope, {
      me,
      promised,
      log,
      writes: 0,
      timings: TIMINGS,
    });
  }

  at(value: Value, context: Context): Snapshot {
    const name = JSON.stringify(value);
    const known = this.#places.get(name) ?? sequencerMachine.resolveState({ value, context });
    this.#places.set(name, known);
    return { ...known, context };
  }

  /** @throws Error when a rule of the sequencer refuses to go on: it has seen a broken invariant itself. */
  hear(snapshot: Snapshot, event: SequencerEvent): Answer {
    this.#effects.length = 0;
    const after = sequencerMachine.transition(snapshot, event, this.#scope);
    const said = this.#effects.flatMap(lettersIn);
    const writes = this.#effects
      .filter(({ type }) => type === 'write')
      .map(({ params }) => params as JournalWrite);
    return { snapshot: after, writes, said };
  }

  /** The same when one of the timers this peer waits for goes off; undefined when it waits for none of that name. */
  expire(snapshot: Snapshot, delay: string): Answer | undefined {
    const timer = snapshot._nodes.flatMap((node) => node.after).find((after) => after.delay === delay);
    return timer && this.hear(snapshot, { type: timer.eventType } as never);
  }
}

/** Letters between sequencers; what clients are told is no matter of safety. */
function lettersIn({ type, params }: Effect): readonly Letter[] {
  const letters = type === 'send' ? [params as Letter] : [];
  const each = type === 'sendEach' ? (params as { letters: readonly Letter[] }).letters : [];
  return [...letters, ...each].filter(
    ({ to, message }) => to.length > 0 && message.type.startsWith('sequencer.'),
  );
}

/**
 * Target: a member whose fellow members lie. They are believed, for peers are not Byzantine; but no lie may throw, hang,
 * grow without bound, make the victim say what no peer can read, or leave a journal behind that does not open.
 */
import { recordTrace, type TraceRecorder } from '../../apps/node/trace-recorder.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { LIARS, Liar, type Lie, lieFrom, theBackground, VICTIM } from './liar.js';
import { Stage } from './stage.js';

interface Intrigue {
  /** The members answer as they should, besides. */
  readonly isHonest: boolean;
  /** How long before they begin to lie: long enough, and the victim leads. */
  readonly prologueMs: number;
  readonly lies: readonly Lie[];
}

/** More than this is no answer to a dozen lies. */
const FRAMES_MAX = 2000;
const ENTRIES_MAX = 20_000;

export const liars: Target<Intrigue> = {
  name: 'liar',
  share: 12,
  inputsPerWorld: 50,
  isComputing: true,
  draw: (choices) => ({
    isHonest: choices.onceIn(2),
    prologueMs: choices.of([0, 0, 300, 1000]),
    lies: [lieFrom(choices), ...choices.some(8, lieFrom)],
  }),
  show: ({ isHonest, prologueMs, lies }) =>
    [
      `two members who ${isHonest ? 'answer as they should, and' : ''} after ${prologueMs} ms say`,
      ...lies.map(({ near, waitMs, message }) => {
        const truth =
          near === null
            ? ''
            : ` (its term ${near.term} from the truth, its places ${near.place ?? 'as they stand'})`;
        return `${JSON.stringify(message)}${truth}, then ${waitMs} ms`;
      }),
    ].join('\n  '),
  open: () => new Intrigued(false),
};

/** Target: the trace of a victim. Whatever is said to it, each record is one line of JSON, and the next one's number follows. */
export const traces: Target<Intrigue> = {
  ...liars,
  name: 'trace',
  share: 3,
  open: () => new Intrigued(true),
};

const REASONS =
  / failed: (sequencer has died: .*invariant broken: |a live peer of the cluster has the id|the cluster holds as many|this peer had derived another state than the others)/;

class Intrigued implements World<Intrigue> {
  readonly #isTraced: boolean;

  constructor(isTraced: boolean) {
    this.#isTraced = isTraced;
  }

  judge({ isHonest, prologueMs, lies }: Intrigue): Verdict {
    const stage = new Stage(['2']);
    const background = theBackground();
    const victim = stage.start(VICTIM, { bootstrap: false }, background.disk());
    const recorder = this.#isTraced ? recordTrace(victim) : null;
    stage.pass(3);
    const members = LIARS.map((id) => ({ id, liar: new Liar(stage, id, isHonest) }));
    stage.pass(4);
    for (const { liar } of members) liar.greet(background);
    stage.pass(4 + prologueMs);
    for (const lie of lies) {
      members.find(({ id }) => id === lie.by)?.liar.lie(lie);
      stage.pass(lie.waitMs);
    }
    stage.pass(400);
    const role = this.#isExpected(stage) ? 'stopped for a reason' : victim.status().role;
    const outcome = isHonest ? role : `${role}, alone`;
    const complaint =
      (recorder === null ? null : ragged(recorder)) ??
      this.#end(stage) ??
      this.#said(members.map(({ liar }) => liar)) ??
      stage.unseemly() ??
      this.#grown(stage);
    stage.close();
    const longestMs = stage.takeLongestMs();
    return { outcome, complaint: complaint ?? this.#reopened(stage), longestMs };
  }

  close(): null {
    return null;
  }

  /** It goes on; where it cannot, it ends in one line that is not a mistake of the language. */
  #end(stage: Stage): string | null {
    if (stage.cluster.status(VICTIM).role !== 'stopped') return null;
    if (this.#isExpected(stage)) return null;
    return `stopped: ${stage.cluster.warnings.at(-1) ?? 'without a word'}`;
  }

  /**
   * A member that claims other entries where some are committed has broken the cluster, and one that refuses us a seat is
   * believed: the peer ends, loudly, and says why.
   */
  #isExpected(stage: Stage): boolean {
    return stage.cluster.warnings.some((warning) => REASONS.test(warning));
  }

  #said(members: readonly Liar[]): string | null {
    for (const { hand } of members) {
      if (hand.heard.length > FRAMES_MAX) return `too much said: ${hand.heard.length} frames`;
      const bad = hand.unreadable();
      if (bad !== null) return bad;
    }
    return null;
  }

  #grown(stage: Stage): string | null {
    const last = stage.cluster.peer(VICTIM).core()?.log.lastIndex ?? 0;
    return last > ENTRIES_MAX ? `grown: ${last} entries` : null;
  }

  /** Its next life begins with what this one left. */
  #reopened(before: Stage): string | null {
    const disk = before.disks.get(VICTIM);
    if (disk === undefined) return null;
    const stage = new Stage(['2']);
    stage.start(VICTIM, { bootstrap: false }, { ...disk, isHeld: false });
    stage.cluster.clock.advance(100);
    const complaint = this.#end(stage);
    stage.close();
    return complaint === null ? null : `does not start again: ${complaint}`;
  }
}

/** What is no line of a trace as it should be; null when all are. */
function ragged(recorder: TraceRecorder): string | null {
  const { lines } = recorder.after(0, recorder.newest());
  recorder.close();
  for (const [at, { line }] of lines.entries()) {
    if (/[\n\r]/.test(line)) return `ragged: two lines: ${line}`;
    const { s, t, p, k } = JSON.parse(line) as Record<string, unknown>;
    if (s !== at + 1 || typeof t !== 'number' || p !== VICTIM || typeof k !== 'string')
      return `ragged: ${line}`;
  }
  return lines.length === 0 ? 'ragged: nothing was recorded' : null;
}

/** Work through others (PROTOCOL §5, E1): what a relayed peer learns, and what is done for it. Run by ../sequencer.test.ts. */
import { LIMITS } from '../../../machines/values/limits.js';
import { Log } from '../../../machines/values/log.js';
import { hashOf, type Snapshot as Past, partAt } from '../../../machines/values/snapshot.js';
import type { Entry, SequencerMessage } from '../../../transport/protocol.js';
import { term } from '../../support/members.js';
import {
  append,
  collect,
  elapse,
  entry,
  facts,
  founding,
  loyal,
  messages,
  noop,
  play,
  type Snapshot,
  sent,
  settled,
  submit,
  T0,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';

const T2 = term(2, '2');
const T9 = term(9, '2');
const through2 = { type: 'coordinator.relayed', through: '2' } as const;
const opening = { type: 'sequencer.open', from: '2', nonce: 'n', at: 0 } as const;

const news = (
  entries: readonly Entry[],
  commit: number,
  { of = T1, prevIndex = 1, prevTerm = T0 } = {},
): Extract<SequencerMessage, { type: 'sequencer.relayed' }> => ({
  type: 'sequencer.relayed',
  from: '2',
  term: of,
  prevIndex,
  prevTerm,
  entries,
  commit,
});
/** Peer 1, which hears of its coordinator through 2; its first entry is known to be committed. */
function relayed(entries: Entry[] = [founding], promised = T0): Snapshot {
  const [awake] = waking('1', { entries, promised });
  return play(awake, through2, news([founding], 1, { of: T0, prevIndex: 0 }))[0];
}
const level = { replica: { relayed: 'level' } };
const catchingUp = { replica: { relayed: 'catchingUp' } };

describe('a replica that others hear the coordinator for', () => {
  it('asks one of them what is committed, at every heartbeat, whether it is level or not', () => {
    const [asking, first] = play(waking('1')[0], through2);
    const question = { to: ['2'], message: { type: 'sequencer.relay', from: '1', commit: 0 } };

    expect(asking.value).toEqual(catchingUp);
    expect(sent(first)).toEqual([question]);
    expect(sent(elapse(asking, 'heartbeatInterval', 'replica.relayed.catchingUp')[1])).toEqual([question]);
    const [again, second] = elapse(relayed(), 'heartbeatInterval', 'replica.relayed.level');
    expect(again.value).toEqual(level);
    expect(sent(second)).toEqual([{ ...question, message: { ...question.message, commit: 1 } }]);
  });

  it('takes what it is told as R1 does, writes it down, asks on, and acknowledges nothing', () => {
    const [learnt, effects] = play(relayed(), news([noop(T1), entry(T1, 1)], 3));

    expect(learnt.value).toEqual(level);
    expect(learnt.context).toMatchObject({ commit: 3, promised: T1 });
    expect(writes(effects)).toMatchObject([{ promised: T1, first: 2, truncateFrom: null }]);
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.relay', commit: 3 }]);
    expect(facts(effects)).toEqual(['committed']);
    expect(messages(settled(learnt)[1])).toEqual([]);
  });

  it('is level only once it holds all that is committed', () => {
    const [behind] = play(relayed(), news([noop(T1)], 3));
    const [still] = play(behind, news([], 2, { prevIndex: 2, prevTerm: T1 }));
    const [done] = play(behind, news([entry(T1, 1)], 3, { prevIndex: 2, prevTerm: T1 }));
    const [unanswered] = play(done, through2);

    expect([behind.value, still.value, done.value]).toEqual([catchingUp, catchingUp, level]);
    expect(unanswered.value).toEqual(catchingUp);
    expect(play(unanswered, news([], 3, { prevIndex: 3, prevTerm: T1 }))[0].value).toEqual(level);
  });

  it('cuts what differs, and never what is committed', () => {
    const own = [founding, noop(term(1, '1')), entry(term(1, '1'), 9)];
    const [learnt, effects] = play(relayed(own), news([noop(T2)], 2, { of: T2 }));

    expect(writes(effects)).toMatchObject([{ truncateFrom: 2, first: 2, entries: [noop(T2)] }]);
    expect(learnt.context.log).toMatchObject({ lastIndex: 2, lastTerm: T2 });
    expect(() => play(learnt, news([noop(T1)], 2))).toThrow(/invariant broken/);
  });

  it('makes nothing of what does not join its log', () => {
    const before = relayed();

    expect(play(before, news([entry(T1, 3)], 5, { prevIndex: 4, prevTerm: T1 }))).toEqual([before, []]);
  });

  // Else the coordinator of T1, which is none any more, could ask for the committed entry to be cut.
  it('obeys nothing older from then on than those who told it', () => {
    const [learnt] = settled(play(relayed([founding], T1), news([noop(T2)], 2, { of: T2 }))[0]);

    expect(learnt.context).toMatchObject({ promised: T2, durable: { promised: T2, last: 2 } });
    const [, effects] = play(learnt, append(T1, 1, T0, [noop(T1)]));
    expect(messages(effects)).toMatchObject([{ type: 'sequencer.rejected', promised: T2 }]);
  });

  it('learns of older terms too, and takes no promise back', () => {
    const [learnt, effects] = play(relayed([founding], T9), news([noop(T1)], 2));

    expect(writes(effects)).toMatchObject([{ promised: T9, entries: [noop(T1)] }]);
    expect(learnt.context).toMatchObject({ promised: T9, commit: 2 });
  });

  it('repeats a promise only once the disk holds what was learnt since', () => {
    const [learnt] = play(relayed([founding], T9), news([noop(T1)], 2));

    expect(messages(play(learnt, collect(T9))[1])).toEqual([]);
    const promise = messages(play(settled(learnt)[0], collect(T9))[1]);
    expect(promise).toMatchObject([{ type: 'sequencer.promise', lastIndex: 2 }]);
  });

  it('promises like a free one', () => {
    const [promising, effects] = play(relayed(), collect(T2));

    expect(promising.value).toEqual({ replica: 'promising' });
    expect(writes(effects)).toMatchObject([{ promised: T2 }]);
  });

  it('obeys an APPEND that comes through, at once', () => {
    const [obeying, effects] = play(relayed(), append(T1, 1, T0, [noop(T1)]));

    expect(obeying.value).toEqual({ replica: { loyal: 'following' } });
    expect(facts(effects)).toEqual(['followed']);
  });

  it('is free when the coordinator is lost after all; and what comes too late is not heard', () => {
    const [free] = play(relayed(), { type: 'coordinator.suspected' });

    expect(free.value).toEqual({ replica: 'free' });
    expect(play(free, news([noop(T1)], 2))).toEqual([free, []]);
  });

  it('is told so while it founds a cluster, and has no time for it', () => {
    const entryOf = { ...founding, term: T0 };
    const [recording] = play(waking('1', { entries: [] })[0], { type: 'meeting.agreed', entry: entryOf });

    expect(play(recording, through2)).toEqual([recording, []]);
  });
});

const past = (last: number): Past => {
  const state = `the state after ${last}`;
  const entries = [founding, noop(T1), ...Array.from({ length: last - 2 }, (_, i) => entry(T1, i + 1))];
  return Log.of(entries).snapshotAt(last, state, hashOf(state));
};
const donated = (of: Past, offset = 0): Extract<SequencerMessage, { type: 'sequencer.donated' }> => ({
  type: 'sequencer.donated',
  from: '2',
  term: T1,
  ...partAt(of, offset),
});

describe('what is gone from the log of the one that is asked', () => {
  it('comes as parts of a snapshot, which takes the place of the log', () => {
    Object.assign(LIMITS, { partCharactersMax: 10 });
    const [begun, more] = play(relayed(), donated(past(5)));
    const [whole, effects] = play(begun, donated(past(5), 10));
    Object.assign(LIMITS, { partCharactersMax: 32 * 1024 });

    expect(begun.value).toEqual(catchingUp);
    expect(messages(more)).toMatchObject([{ type: 'sequencer.relay', held: { lastIndex: 5, offset: 10 } }]);
    expect(whole.value).toEqual(level);
    expect(whole.context).toMatchObject({ commit: 5, promised: T1 });
    expect(writes(effects)).toMatchObject([{ promised: T1, truncateFrom: 1, snapshot: past(5) }]);
  });

  it('is not put in the place of what has been learnt since', () => {
    const [learnt] = play(relayed(), donated(past(6)));

    expect(play(learnt, donated(past(5)))).toEqual([learnt, []]);
  });
});

describe('a replica that hears the coordinator', () => {
  /** It holds four entries, of which three are committed. */
  const hearing = (): Snapshot => {
    const entries = [noop(T1), entry(T1, 1), entry(T1, 2)];
    return settled(play(loyal(T1), append(T1, 1, T0, entries, 3))[0])[0];
  };
  const ask = (commit: number) => ({ type: 'sequencer.relay', from: '2', commit }) as const;

  it('tells another what it knows to be committed, and not an entry more', () => {
    const [same, effects] = play(hearing(), ask(1));

    expect(same).toEqual(hearing());
    expect(sent(effects)).toEqual([
      { to: ['2'], message: { ...news([noop(T1), entry(T1, 1)], 3), from: '1' } },
    ]);
    expect(messages(play(hearing(), ask(3))[1])).toMatchObject([{ prevIndex: 3, entries: [], commit: 3 }]);
  });

  it('tells one that knows more than itself how far it knows', () => {
    expect(messages(play(hearing(), ask(9))[1])).toMatchObject([{ prevIndex: 3, entries: [], commit: 3 }]);
  });

  it('sends its snapshot where that stands for what is asked for', () => {
    const state = 'the state after 3';
    const due = { type: 'snapshot.due', index: 3, state, hash: hashOf(state), isUrgent: true } as const;
    const [compacted] = play(hearing(), due);

    expect(messages(play(compacted, ask(1))[1])).toMatchObject([
      { type: 'sequencer.donated', term: T1, head: { lastIndex: 3 }, text: state },
    ]);
  });

  it('passes on to it what others want ordered, in their name', () => {
    expect(sent(play(loyal(T1), submit(1))[1])).toEqual([
      {
        to: ['3'],
        message: {
          type: 'sequencer.submit',
          from: '1',
          session: 1,
          submissions: [{ number: 1, topic: 't', payload: 1 }],
        },
      },
    ]);
    const client = '~0123456789abcdef';
    for (const [event, origin] of [
      [opening, '2'],
      [{ ...opening, client }, client],
    ] as const)
      expect(sent(play(loyal(T1), event)[1])).toEqual([
        { to: ['3'], message: { type: 'sequencer.open', from: '1', nonce: 'n', client: origin } },
      ]);
  });

  // Found by a fuzzer: a member said APPEND in a term of ours, and the peer went round in circles.
  it('passes on nothing to itself, where another names it the coordinator', () => {
    const misled = loyal(term(5, '1'));

    for (const event of [submit(1), opening])
      expect(sent(play(misled, event)[1])).toMatchObject([{ to: [] }]);
  });

  it('does none of this once it hears it no more', () => {
    const [free] = elapse(loyal(T1), 'stickiness', 'replica.loyal');

    expect(play(free, ask(1))).toEqual([free, []]);
    expect(messages(play(free, opening)[1])).toMatchObject([{ type: 'sessions.redirect' }]);
  });
});

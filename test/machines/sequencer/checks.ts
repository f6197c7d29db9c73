/** States compared in the sequencer's chart (PROTOCOL §11, D4). Run by ../sequencer.test.ts. */
import type { SequencerEvent } from '../../../machines/sequencer.js';
import { Log } from '../../../machines/values/log.js';
import { hashOf, partAt } from '../../../machines/values/snapshot.js';
import { term } from '../../support/members.js';
import {
  append,
  appended,
  collect,
  facts,
  founding,
  loyal,
  messages,
  persisted,
  play,
  type Snapshot,
  serving,
  settled,
  T1,
  writes,
} from '../../support/sequencing.js';

const T2 = term(2, '2');
const [OURS, THEIRS, ANOTHER] = ['0'.repeat(16), 'f'.repeat(16), 'a'.repeat(16)];
const hashed = (index: number, hash = OURS): SequencerEvent => ({ type: 'state.hashed', index, hash });
const says = (from: string, index: number, hash: string): SequencerEvent => ({
  ...appended(from, T1, 2),
  state: { index, hash },
});
const part = partAt(Log.of([founding]).snapshotAt(1, 'state', hashOf('state')), 0);
const diverged = (of = T1): SequencerEvent => ({ type: 'sequencer.diverged', from: of.owner, term: of });

describe('states compared', () => {
  it('are told with every acknowledgement, the latest', () => {
    const [now] = play(loyal(T1), hashed(1000), hashed(2000, ANOTHER));
    const [, effects] = play(now, append(T1, 1, term(0, '1')));

    expect(messages(effects)).toMatchObject([{ state: { index: 2000, hash: ANOTHER } }]);
  });

  it('bring out the odd follower, once a majority has another state', () => {
    const coordinator = play(serving(), hashed(1000))[0];
    const [, alone] = play(coordinator, says('1', 1000, THEIRS));
    const [, odd] = play(coordinator, says('2', 1000, OURS), says('1', 1000, THEIRS));

    expect(messages(alone)).toEqual([]);
    expect(odd).toMatchObject([{ type: 'divergent', member: '1' }, { type: 'send' }]);
    expect(messages(odd)).toEqual([{ type: 'sequencer.diverged', from: '3', term: T1 }]);
  });

  it('bring out a coordinator that is odd itself: it drops all it has, and ends', () => {
    const coordinator = play(serving(), hashed(1000))[0];
    const [odd, effects] = play(coordinator, says('2', 1000, THEIRS), says('1', 1000, THEIRS));

    expect(odd.value).toBe('quarantined');
    expect(facts(effects)).toContain('ended');
    expect(writes(effects)).toMatchObject([{ truncateFrom: 1, isDropped: true, promised: null }]);
  });

  it('are nothing when they agree, when we have none of that place, or when nobody knows who is right', () => {
    const coordinator = play(serving(), hashed(1000))[0];
    const [, equal] = play(coordinator, says('1', 1000, OURS));
    const [, older] = play(coordinator, says('1', 2000, THEIRS));
    const [, all] = play(coordinator, says('1', 1000, THEIRS), says('2', 1000, ANOTHER));

    for (const effects of [equal, older, all]) {
      expect(messages(effects)).toEqual([]);
      expect(facts(effects)).not.toContain('divergent');
    }
  });
});

describe('a peer that is told to be odd', () => {
  const quarantined = (): Snapshot => play(loyal(T1), diverged())[0];

  it('drops all it has, and ends once that is on the disk', () => {
    const [odd, effects] = play(loyal(T1), diverged());
    const [, early] = play(odd, persisted(odd));
    const [, gone] = play(odd, persisted(odd, { write: odd.context.writes + 1, last: 0 }));

    expect(writes(effects)).toMatchObject([{ truncateFrom: 1, entries: [], isDropped: true }]);
    expect([facts(early), facts(gone)]).toEqual([[], ['dropped']]);
  });

  it('has nothing more to say', () => {
    const events: readonly SequencerEvent[] = [
      append(T1, 1, term(0, '1')),
      collect(T2),
      diverged(),
      { type: 'snapshot.due', index: 1, state: '', hash: '', isUrgent: true },
      { type: 'sequencer.snapshot', from: '3', term: T1, ...part },
      { type: 'sequencer.fetch', from: '3', term: T1, incarnation: 'x', prevIndex: 0, prevTerm: T1 },
    ];
    const [now] = settled(quarantined());

    for (const event of events) expect(play(now, event)[1]).toEqual([]);
  });

  it('believes only the coordinator it obeys', () => {
    const [now, effects] = play(loyal(T1), diverged(T2));

    expect(now.value).not.toBe('quarantined');
    expect(effects).toEqual([]);
  });
});

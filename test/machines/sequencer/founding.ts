/** The sequencer while peers found a cluster together (PROTOCOL §9, J1): agreed first, founded once all have agreed. */
import { agreementOf, foundationOf } from '../../../machines/values/meeting.js';
import { member, term } from '../../support/members.js';
import {
  append,
  noop,
  persisted,
  play,
  type Snapshot,
  settled,
  T1,
  waking,
  writes,
} from '../../support/sequencing.js';
import type { Effect } from '../../support/step.js';

const company = ['1', '2', '3'].map((id) => member(id));
const agreed = { type: 'meeting.agreed', entry: agreementOf(company) } as const;
const founded = { type: 'meeting.founded', entry: foundationOf(company) } as const;
const ended = { type: 'meeting.ended' } as const;

const blank = (): Snapshot => waking('1', { entries: [] })[0];
const recording = (): Snapshot => play(blank(), agreed)[0];
const holding = (): Snapshot => settled(recording())[0];
const allOf = (type: string, effects: readonly Effect[]) => effects.filter((effect) => effect.type === type);

describe('a sequencer whose peer found a cluster with others', () => {
  it('says that it has agreed once that is on disk, and not before', () => {
    const [still, early] = play(recording(), persisted(recording(), { write: 0 }));
    const [done, effects] = settled(recording());

    expect(still.matches({ replica: 'recording' })).toBe(true);
    expect(allOf('recorded', early)).toEqual([]);
    expect(done.matches({ replica: 'free' })).toBe(true);
    expect(allOf('recorded', effects)).toMatchObject([{ configuration: { voters: [], learners: company } }]);
  });

  it('agrees with nobody once it holds anything', () => {
    expect(play(holding(), agreed)[1]).toEqual([]);
    expect(play(waking('1')[0], agreed)[1]).toEqual([]);
  });

  it('does not stand for election before the cluster is founded', () => {
    const stand = { type: 'collect.requested', handoverOf: null } as const;

    expect(play(holding(), stand)[0].matches('standing')).toBe(false);
    expect(play(play(holding(), founded)[0], stand)[0].matches('standing')).toBe(true);
  });

  it('founds by writing down the voters, all of them', () => {
    const [now, effects] = play(holding(), founded);

    expect(writes(effects)).toMatchObject([{ first: 2, entries: [founded.entry] }]);
    expect(now.context.log.configuration.voters).toEqual(company);
  });

  it('takes its agreement off the disk again when it comes to nothing', () => {
    const [gone, effects] = play(holding(), ended);

    expect(writes(effects)).toMatchObject([{ truncateFrom: 1, entries: [] }]);
    expect(allOf('recorded', settled(gone)[1])).toMatchObject([
      { configuration: { voters: [], learners: [] } },
    ]);
  });

  it('takes nothing else off the disk', () => {
    expect(play(play(holding(), founded)[0], ended)[1]).toEqual([]);
    expect(play(waking('1')[0], ended)[1]).toEqual([]);
  });

  it('gives its agreement up for a cluster that exists', () => {
    const T0 = term(0, '9');
    const [joined] = play(holding(), append(T1, 0, T0, [noop(T1)], 0));

    expect(joined.context.log.at(1)).toEqual(noop(T1));
  });
});

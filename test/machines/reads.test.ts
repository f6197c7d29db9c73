import { type ReadsEvent, readsMachine } from '../../machines/reads.js';
import type { PeerId } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';
import { configurationOf, member, term } from '../support/members.js';

const us = { me: member('2'), isClassic: false, retryMs: 100 };
const wanted = (number: number): ReadsEvent => ({ type: 'reading.wanted', number });
const followed = (coordinator: PeerId): ReadsEvent => ({ type: 'coordinator.followed', coordinator });
const lost: ReadsEvent = { type: 'coordinator.lost' };
const grant = (id: number, index = 7): ReadsEvent => ({ type: 'reads.grant', from: '3', id, index });
const late: ReadsEvent = elapsed('retry', 'reads.own.asking');

const three: ReadsEvent = { type: 'configuration.changed', configuration: configurationOf(['1', '2', '3']) };
const started: ReadsEvent = { type: 'coordination.started', term: term(4, '2') };
const asked = (from: PeerId, id: number, commit: number): ReadsEvent => ({
  type: 'reads.ask',
  from,
  id,
  commit,
});
const confirmed = (from: PeerId, round = 1, n = 4): ReadsEvent => ({
  type: 'reads.confirmed',
  from,
  term: term(n, '2'),
  round,
  incarnation: member(from).incarnation,
});
const office = [three, started];

const having = (...events: readonly ReadsEvent[]) => {
  const [{ value }, effects] = havingIn(readsMachine, us, events);
  return {
    value: value as { own: string; office: unknown },
    effects: effects.flatMap((effect) =>
      effect.type === 'sendEach' ? (effect.letters as object[]) : [effect],
    ),
  };
};
const ask = (to: PeerId, id: number) => ({ to: [to], message: { type: 'reads.ask', from: '2', id } });
const confirm = (round: number) => ({
  to: ['1', '3'],
  message: { type: 'reads.confirm', from: '2', term: term(4, '2'), round },
});
const granted = (to: PeerId, id: number, index: number) => ({
  to: [to],
  message: { type: 'reads.grant', from: '2', id, index },
});

describe('a peer that reads', () => {
  it('asks the coordinator how far it must have come', () => {
    expect(having(followed('3'), wanted(1)).effects).toEqual([ask('3', 1)]);
    expect(having(followed('3'), wanted(1), grant(1)).effects).toEqual([
      { type: 'granted', upTo: 1, index: 7 },
    ]);
  });

  it('waits for a coordinator when there is none, and asks the next', () => {
    expect(having(wanted(1))).toMatchObject({ value: { own: 'stranded' }, effects: [] });
    expect(having(wanted(1), followed('3')).effects).toEqual([ask('3', 1)]);
    expect(having(followed('3'), wanted(1), lost)).toMatchObject({ value: { own: 'stranded' } });
    expect(having(followed('3'), wanted(1), followed('4')).effects).toEqual([ask('4', 2)]);
  });

  it('asks again when nothing comes, and takes no answer to an older question', () => {
    expect(having(followed('3'), wanted(1), late).effects).toEqual([ask('3', 2)]);
    expect(having(followed('3'), wanted(1), late, grant(1)).effects).toEqual([]);
  });

  // What the coordinator remembers may be older than a reading that comes meanwhile.
  it('asks anew for what is wanted while it waits for an answer', () => {
    expect(having(followed('3'), wanted(1), wanted(2)).effects).toEqual([]);
    expect(having(followed('3'), wanted(1), wanted(2), grant(1)).effects).toEqual([
      { type: 'granted', upTo: 1, index: 7 },
      ask('3', 2),
    ]);
  });
});

describe('a peer that others ask since they do not hear the coordinator', () => {
  const forOne = { type: 'reads.grant', from: '3', id: 5, index: 9, reader: '1' } as const;

  it('passes their questions on, and the answers back', () => {
    expect(having(followed('3'), asked('1', 5, 0)).effects).toEqual([
      { to: ['3'], message: { type: 'reads.ask', from: '2', id: 5, reader: '1' } },
    ]);
    expect(having(followed('3'), asked('1', 5, 0), forOne).effects).toEqual([granted('1', 5, 9)]);
  });

  it('takes their answers for none of its own, and its own for none of theirs', () => {
    expect(having(followed('3'), wanted(1), { ...forOne, id: 1 }).effects).toEqual([granted('1', 1, 9)]);
    expect(having(followed('3'), wanted(1), asked('1', 1, 0), grant(1)).effects).toEqual([
      { type: 'granted', upTo: 1, index: 7 },
    ]);
  });

  it('passes nothing on twice, nor to nobody', () => {
    const passedOn = { ...asked('1', 5, 0), reader: '4' } as ReadsEvent;

    for (const events of [[followed('3'), passedOn], [asked('1', 5, 0)], [followed('2'), asked('1', 5, 0)]])
      expect(having(...events).effects).toEqual([]);
  });

  it('tells for whom each answer is, as coordinator', () => {
    const two = [...office, asked('3', 5, 20), { ...asked('1', 6, 22), reader: '4' } as ReadsEvent];
    const { effects } = having(...two, confirmed('1'), confirmed('3', 2));

    expect(effects).toEqual([
      { to: ['1'], message: { type: 'reads.grant', from: '2', id: 6, index: 22, reader: '4' } },
    ]);
  });
});

describe('a coordinator that is asked', () => {
  it('answers when a quorum still obeys it, with what was committed when it was asked', () => {
    expect(having(...office, asked('3', 5, 20)).effects).toEqual([confirm(1)]);
    expect(having(...office, asked('3', 5, 20), confirmed('1')).effects).toEqual([granted('3', 5, 20)]);
  });

  it('counts nobody who speaks of another round, another term, or has another disk', () => {
    const strange = { ...confirmed('1'), incarnation: 'wiped' } as ReadsEvent;
    for (const wrong of [confirmed('1', 2), confirmed('1', 1, 3), strange, confirmed('9')])
      expect(having(...office, asked('3', 5, 20), wrong).effects).toEqual([]);
  });

  it('begins another round for whoever asks while one is under way', () => {
    const two = [...office, asked('3', 5, 20), asked('1', 1, 22)];

    expect(having(...two).effects).toEqual([]);
    expect(having(...two, confirmed('1')).effects).toEqual([granted('3', 5, 20), confirm(2)]);
    expect(having(...two, confirmed('1'), confirmed('3', 2)).effects).toEqual([granted('1', 1, 22)]);
  });

  it('answers a member once, for the newest of its questions', () => {
    const again = [...office, asked('3', 5, 20), asked('1', 1, 22), asked('1', 2, 23)];

    expect(having(...again, confirmed('1'), confirmed('3', 2)).effects).toEqual([granted('1', 2, 23)]);
  });

  it('asks its members again while they are silent', () => {
    expect(
      having(...office, asked('3', 5, 20), elapsed('retry', 'reads.office.confirming.waiting')).effects,
    ).toEqual([confirm(1)]);
  });

  it('answers nobody before it has committed an entry of its own, nor once its term has ended', () => {
    expect(having(three, asked('3', 5, 20)).effects).toEqual([]);
    const ended = having(...office, asked('3', 5, 20), { type: 'term.ended' }, confirmed('1'));
    expect(ended).toMatchObject({ value: { office: 'resting' }, effects: [] });
  });

  it('is enough when it is the only voter, and asks nobody in classic mode', () => {
    const one: ReadsEvent = { type: 'configuration.changed', configuration: configurationOf(['2']) };
    expect(having(one, started, asked('2', 1, 3)).effects).toContainEqual(granted('2', 1, 3));
    const [, effects] = havingIn(readsMachine, { ...us, isClassic: true }, [...office, asked('3', 1, 3)]);
    expect(JSON.stringify(effects)).toContain('reads.grant');
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(readsMachine));

import * as area from '../../machines/values/neighbourhood.js';
import type { PeerId } from '../../transport/protocol.js';
import { configurationOf, member, term } from '../support/members.js';

const four = configurationOf(['1', '2', '3', '4'], { learners: ['9'] });
const me = member('2');

const said = (from: PeerId, rest: Partial<area.Neighbour> = {}): area.Neighbour => ({
  from,
  term: term(1, '4'),
  coordinator: '4',
  coordinatorFresh: true,
  quorumConnected: true,
  fit: true,
  healthy: true,
  heard: ['1', '2', '3', '4'],
  lastIndex: 100,
  ...rest,
});
const deaf = { heard: ['1', '3'] };

describe('a neighbourhood', () => {
  it('remembers the last word of each', () => {
    const neighbours = area.withNeighbour([said('1'), said('3')], said('1', { lastIndex: 7 }));

    expect(neighbours).toEqual([said('1', { lastIndex: 7 }), said('3')]);
    expect(area.withNeighbour(neighbours, said('2'))).toEqual([...neighbours, said('2')]);
    expect(area.withoutNeighbour(neighbours, '3')).toEqual([said('1', { lastIndex: 7 })]);
  });

  it.each<[string, Partial<area.Neighbour>]>([
    ['term', { term: term(2, '4') }],
    ['coordinator', { coordinator: null }],
    ['quorum', { quorumConnected: false }],
    ['neighbours', { heard: ['1', '2', '3'] }],
    ['log', { lastIndex: 101 }],
  ])('knows what is repeated, and what is news: another %s', (_, news) => {
    const neighbours = [said('1'), said('3')];

    expect(area.isRepeated(neighbours, said('3'))).toBe(true);
    expect(area.isRepeated(neighbours, said('4'))).toBe(false);
    expect(area.isRepeated(neighbours, said('3', news))).toBe(false);
  });

  it('is mutual with those that hear us, and with ourselves', () => {
    const neighbours = [said('1'), said('2', deaf), said('3', deaf)];

    expect(area.mutual(neighbours, '2').map((n) => n.from)).toEqual(['1', '2']);
  });

  it('holds a quorum when enough voters hear and are heard; we are one of them', () => {
    const isConnected = (...neighbours: area.Neighbour[]) => area.isQuorumConnected(four, neighbours, '2');

    expect(isConnected(said('1'), said('3'))).toBe(true);
    expect(isConnected(said('1'), said('9'))).toBe(false);
    expect(isConnected(said('1'), said('3', deaf))).toBe(false);
  });
});

describe('a coordinator', () => {
  it('is fresh when it says itself that it coordinates and hears a quorum', () => {
    expect(area.isFresh([said('4')], '4')).toBe(true);
    expect(area.isFresh([said('4', { quorumConnected: false })], '4')).toBe(false);
    expect(area.isFresh([said('4', { coordinator: null })], '4')).toBe(false);
    expect(area.isFresh([said('3')], '4')).toBe(false);
    expect(area.isFresh([said('4')], null)).toBe(false);
  });

  it.each<[string, Partial<area.Neighbour>]>([
    ['does not hear us', deaf],
    ['hears no quorum', { quorumConnected: false }],
    ['does not hear it either', { coordinatorFresh: false }],
    ['speaks of an earlier term', { term: term(0, '4') }],
    ['means us', { coordinator: '2' }],
  ])('is not proved alive by a neighbour that %s', (_, rest) => {
    expect(area.evidence([said('3', rest)], '2', term(1, '4'))).toBeUndefined();
  });

  it('is proved alive by a neighbour that hears it, unless it says itself that it does not coordinate', () => {
    expect(area.evidence([said('2'), said('3')], '2', term(1, '4'))).toEqual(said('3'));
    expect(area.evidence([said('2')], '2', term(1, '4'))).toBeUndefined();

    const resigned = said('4', { coordinator: null, coordinatorFresh: false });
    expect(area.evidence([said('3'), resigned], '2', term(1, '4'))).toBeUndefined();
  });
});

describe('those above us', () => {
  it('are the voters of higher rank that hear us', () => {
    const neighbours = [said('1'), said('3'), said('4', deaf), said('9')];

    expect(area.higherVoters(four, neighbours, me)).toEqual(['3']);
    expect(area.outranks(four, '3', me)).toBe(true);
    expect(area.outranks(four, '1', me)).toBe(false);
    expect(area.outranks(four, '7', me)).toBe(false);
  });

  /** All but those named have what is committed. */
  const pace = (lags: Readonly<Record<string, number>> = {}): area.Pace => ({
    commit: 10_000,
    followers: ['1', '2', '3', '4'].map((id) => ({ id, match: 10_000 - (lags[id] ?? 0) })),
  });

  it('take over only by the highest that is fit and level: there is no second best', () => {
    const successor = (lags: Readonly<Record<string, number>>, ...others: area.Neighbour[]) =>
      area.successorOf(four, [said('2'), ...others], me, pace(lags));

    expect(successor({}, said('3'), said('4'))).toBe('4');
    expect(successor({}, said('3'), said('4', { fit: false }))).toBe('3');
    expect(successor({ 4: 65 }, said('3'), said('4'))).toBeUndefined();
    expect(successor({ 4: 64 }, said('3'), said('4'))).toBe('4');
    expect(successor({ 4: 10_000 }, said('3'), said('4'))).toBeUndefined();
    expect(successor({}, said('3'), said('4', { quorumConnected: false }))).toBeUndefined();
    expect(successor({}, said('3'), said('4', { healthy: false }))).toBeUndefined();
    expect(successor({}, said('1'), said('9'))).toBeUndefined();
  });

  it('need not be above us when we are on our way out: the highest that is fit and not behind is the heir', () => {
    const heir = (lags: Readonly<Record<string, number>>, ...others: area.Neighbour[]) =>
      area.heirOf(four, [said('2'), ...others], me, pace(lags));

    expect(heir({}, said('1'), said('3'))).toBe('3');
    expect(heir({ 3: 4097 }, said('1'), said('3'))).toBe('1');
    expect(heir({ 3: 10_000 }, said('1'), said('3'))).toBe('3');
    expect(heir({}, said('1'), said('3', { healthy: false }))).toBe('3');
    expect(heir({}, said('1', { fit: false }), said('9'))).toBeUndefined();
  });
});

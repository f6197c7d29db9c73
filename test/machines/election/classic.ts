/** The textbook's Bully (PROTOCOL §12), on the same chart: no quorum is asked for, and a lower coordinator is thrown out. */
import {
  challenge,
  followed,
  havingOf,
  hears4,
  heartbeat,
  peer,
  sent,
  suspected,
  term1,
} from '../../support/elections.js';
import { term } from '../../support/members.js';

const classic = (id: string, takeover: 'afterSync' | 'never' | 'immediate' = 'never') =>
  peer(id, { mode: 'classic', takeover });

describe('a classic election', () => {
  it('is called by a peer that hears nobody, and won', () => {
    const { state, effects } = havingOf(classic('2'), followed('4', term1), suspected('4'));

    expect(state).toBe('winning');
    expect(effects).toContainEqual({ type: 'won', handoverOf: null });
  });

  it('is called though a neighbour hears the coordinator', () => {
    const { state } = havingOf(classic('2'), heartbeat('1', hears4), followed('4', term1), suspected('4'));

    expect(state).toBe('winning');
  });

  it('answers OK to a lower peer, and runs itself, though its coordinator works', () => {
    const { state, effects } = havingOf(
      classic('2'),
      heartbeat('4', { ...hears4, term: term1 }),
      followed('4', term1),
      challenge('1'),
    );

    expect(state).toBe('challenging');
    expect(sent(effects)).toMatchObject([
      { to: ['1'], message: { type: 'election.answer', fit: true } },
      { to: ['4'], message: { type: 'election.start' } },
    ]);
  });

  it('is called at once by a peer that outranks the coordinator it hears of, when take-over is immediate', () => {
    const lower = term(3, '1');

    expect(havingOf(classic('2', 'immediate'), followed('1', lower)).state).toBe('winning');
    expect(havingOf(classic('2', 'never'), followed('1', lower)).state).toBe('direct');
    expect(havingOf(classic('2', 'immediate'), followed('4', term1)).state).toBe('direct');
  });
});

describe('a safe election', () => {
  it('is not called against a lower coordinator, whatever is asked for', () => {
    const { state } = havingOf(peer('2', { takeover: 'immediate' }), followed('1', term(3, '1')));

    expect(state).toBe('direct');
  });
});

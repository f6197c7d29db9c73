import { type ElectionSnapshot, isNews } from '../../actors/peer-rules.js';
import type { Heartbeat, PeerId } from '../../transport/protocol.js';
import { term } from '../support/members.js';

const heartbeat = (from: PeerId, rest: Partial<Heartbeat> = {}): Heartbeat => ({
  type: 'failure.heartbeat',
  from,
  term: term(1, '3'),
  coordinator: '3',
  coordinatorFresh: true,
  quorumConnected: true,
  fit: true,
  healthy: true,
  heard: ['1', '2', '3'],
  lastIndex: 1,
  ...rest,
});

/** An election that has heard these, follows 3, and hears it itself or through another. */
function electionThatHeard(heard: readonly Heartbeat[], rest: object = {}): ElectionSnapshot {
  const neighbours = heard.map(({ type: _, ...said }) => said);
  return { context: { neighbours, coordinator: '3', through: null, ...rest } } as unknown as ElectionSnapshot;
}

describe('a heartbeat is news to the election', () => {
  const two = heartbeat('2');

  it('when it says anything else than the last one, and not when it says the same', () => {
    expect(isNews(electionThatHeard([two]), heartbeat('2'))).toBe(false);
    expect(isNews(electionThatHeard([two]), heartbeat('2', { fit: false }))).toBe(true);
    expect(isNews(electionThatHeard([]), two)).toBe(true);
  });

  // Said before it won: repeated now, it says that our coordinator has resigned.
  it('when it names another coordinator than ours, or none, though it did so before', () => {
    for (const coordinator of [null, '2']) {
      const three = heartbeat('3', { coordinator });
      expect(isNews(electionThatHeard([three]), three)).toBe(true);
    }
  });

  it('always while nobody coordinates, or only others hear who does', () => {
    expect(isNews(electionThatHeard([two], { coordinator: null }), two)).toBe(true);
    expect(isNews(electionThatHeard([two], { through: '2' }), two)).toBe(true);
  });
});

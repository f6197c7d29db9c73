import { explanationOf } from '../../apps/cli/explanation.js';

const standing = (coordinator: string | null, voters: readonly string[], tie: string | null = null) => ({
  id: '1',
  tie,
  coordinator,
  term: { n: 7 },
  notReady: coordinator === null ? 'no coordinator' : null,
  machines: { election: 'challenging' },
  view: { members: voters.map((id) => ({ id, address: `h:700${id}`, role: 'voter' })) },
});
const belief = (id: string, state: string, hears: readonly string[] = []) => ({ id, state, hears });

describe('why nobody coordinates', () => {
  it('is no question while somebody does', () => {
    expect(explanationOf(standing('3', ['1', '3']), [])).toEqual({
      hasCoordinator: true,
      lines: ['3 coordinates, in term 7'],
    });
    const lost = { ...standing('3', ['1', '3']), notReady: 'it is catching up' };
    expect(explanationOf(lost, []).lines).toEqual(['3 coordinates, in term 7; but it is catching up']);
  });

  it('is that the peer belongs nowhere', () => {
    expect(explanationOf(standing(null, []), []).lines[0]).toBe(
      'no coordinator: 1 belongs to no cluster yet',
    );
  });

  it('is said of everyone who is missed, in the order of their ids', () => {
    const { hasCoordinator, lines } = explanationOf(standing(null, ['10', '9', '1', '2', '3']), [
      belief('2', 'trusted', ['3']),
      belief('3', 'unreachable'),
      belief('9', 'suspected'),
    ]);

    expect(hasCoordinator).toBe(false);
    expect(lines).toEqual([
      'no coordinator: 1 reaches 1 of 5 voters (1), and 3 are needed',
      '  2 at h:7002: 1 hears it, and it does not hear 1: messages go one way only',
      '  3 at h:7003: 1 does not hear it, and others do: the link between the two is bad',
      '  9 at h:7009: it does not answer, and nobody who was asked hears it',
      '  10 at h:70010: it has not been heard of yet',
      'what to do: bring back 2 of 2, 3, 9, 10, or mend the network to where they listen',
    ]);
  });

  it('is that who breaks the tie is not reached', () => {
    const two = explanationOf(standing(null, ['1', '2'], '2'), [belief('2', 'suspected')]);
    const four = explanationOf(standing(null, ['1', '2', '3', '4'], '4'), []);

    expect(two.lines).toEqual([
      'no coordinator: 1 reaches 1 of 2 voters (1), and voter 2 is needed: it breaks the tie',
      '  2 at h:7002: it does not answer, and nobody who was asked hears it',
      'what to do: bring back 2, or mend the network to where they listen',
    ]);
    expect([four.lines[0], four.lines.at(-1)]).toEqual([
      'no coordinator: 1 reaches 1 of 4 voters (1), and 3 are needed, or 2 with 4, which breaks the tie',
      'what to do: bring back 4, or 2 of 2, 3, 4, or mend the network to where they listen',
    ]);
  });

  it('is that of four voters half are needed, where one of them breaks the tie', () => {
    const lonely = { ...standing(null, ['1', '2', '3', '4'], '1') };
    const pair = explanationOf(lonely, [belief('2', 'trusted', ['1'])]);

    expect(explanationOf(lonely, []).lines[0]).toBe(
      'no coordinator: 1 reaches 1 of 4 voters (1), and 2 are needed',
    );
    expect(pair.lines[0]).toContain('an election is under way');
  });

  it('is that two voters without a tie-breaker bear no loss', () => {
    expect(explanationOf(standing(null, ['1', '2']), []).lines[0]).toBe(
      'no coordinator: 1 reaches 1 of 2 voters (1), and 2 are needed: two voters without a tie-breaker bear no loss',
    );
  });

  it('is an election under way when enough reach each other', () => {
    const { lines } = explanationOf(standing(null, ['1', '2', '3']), [
      belief('2', 'trusted', ['1']),
      belief('3', 'trusted'),
    ]);

    expect(lines).toEqual([
      'no coordinator at the moment: enough voters reach each other, and an election is under way (challenging)',
      '  3 at h:7003: connected, and has not said yet whom it hears',
      'what to do: ask again in a few seconds; if it stays so, ask the other voters the same question',
    ]);
  });
});

/** Stories of voters that are few: who goes on when half of them are gone, and who loses its vote (PROTOCOL §9, M6). */
import { type Cluster, startCluster } from '../support/cluster.js';
import { expectNothingLost } from '../support/stories.js';

const WINDOW_MS = 3000;
const tieBreaker = { tieBreaker: true };
const lastManStanding = { lastManStanding: true, lastManStandingMs: WINDOW_MS };

const votersOf = (cluster: Cluster, id: string): string =>
  cluster
    .status(id)
    .view.members.filter(({ role }) => role === 'voter')
    .map((member) => member.id)
    .join('');

/** Whether the cluster acknowledges a line that is said here, within that time. */
function serves(cluster: Cluster, id: string, text: string, withinMs = 2000): boolean {
  cluster.say(id, text);
  cluster.advance(withinMs);
  return cluster.acknowledged.some((line) => line.text === text);
}

/** None on one side hears any on the other. */
function divide({ network }: Cluster, side: readonly string[], other: readonly string[]): void {
  for (const one of side) for (const another of other) network.cut(one, another);
}

describe('two voters', () => {
  it('without a tie-breaker bear no loss, and say so', () => {
    const cluster = startCluster(['1', '2']);
    expect(cluster.status('2').tie).toBeNull();

    cluster.crash('1');
    cluster.until('nobody leads', () => cluster.status('2').coordinator === null, 3000);

    expect(cluster.status('2').notReady).toBe(
      'no coordinator: 1 of 2 voters (2) reach each other, 2 are needed: two voters without a tie-breaker bear no loss',
    );
  });

  it('with a tie-breaker lose the lower one, and the higher goes on alone', () => {
    const cluster = startCluster(['1', '2'], { options: tieBreaker });
    expect([cluster.status('1').tie, cluster.status('2').tie]).toEqual(['2', '2']);

    cluster.crash('1');
    const goesOn = serves(cluster, '2', 'alone');
    cluster.start('1');
    cluster.until('1 is back', () => cluster.status('1').ready, 3000);

    expect(goesOn).toBe(true);
    expect(cluster.log('1')).toEqual(['1 2: alone']);
    expectNothingLost(cluster);
  });

  it('with a tie-breaker stop when the higher one is lost, say why, and go on when it is back', () => {
    const cluster = startCluster(['1', '2'], { options: tieBreaker });

    cluster.crash('2');
    cluster.until('nobody leads', () => cluster.status('1').coordinator === null, 3000);
    const goesOn = serves(cluster, '1', 'stranded', 5000);

    expect(goesOn).toBe(false);
    expect(cluster.status('1').notReady).toBe(
      'no coordinator: 1 of 2 voters (1) reach each other, voter 2 is needed: it breaks the tie',
    );
    cluster.start('2');
    cluster.until('2 leads', () => cluster.coordinator() === '2', 5000);
    cluster.advance(1000);
    expect(cluster.log('1')).toEqual(['1 1: stranded']);
    expectNothingLost(cluster);
  });

  it('of whom the higher goes on alone after both were down, once it is the first to be back', () => {
    const cluster = startCluster(['1', '2'], { options: tieBreaker });
    serves(cluster, '1', 'before');

    for (const id of ['2', '1']) cluster.crash(id);
    cluster.start('2');
    cluster.until('2 leads', () => cluster.coordinator() === '2', 5000);

    expect(serves(cluster, '2', 'after')).toBe(true);
    expectNothingLost(cluster);
  });

  it('divided by a partition never both go on', () => {
    const cluster = startCluster(['1', '2'], { options: tieBreaker });

    divide(cluster, ['1'], ['2']);
    cluster.say('1', 'low');
    cluster.say('2', 'high');
    cluster.advance(3000);

    expect(cluster.acknowledged.map(({ text }) => text)).toEqual(['high']);
    cluster.network.heal();
    cluster.until('both are said', () => cluster.log('2').length === 2, 8000);
    expectNothingLost(cluster);
  });
});

describe('a tie-breaker', () => {
  it('lets four voters go on with the half that has the highest', () => {
    const cluster = startCluster(['1', '2', '3', '4'], { options: tieBreaker });

    divide(cluster, ['1', '4'], ['2', '3']);
    cluster.say('4', 'with four');
    cluster.say('3', 'without');
    cluster.advance(3000);

    expect(cluster.acknowledged.map(({ text }) => text)).toEqual(['with four']);
    expect(cluster.status('2').notReady).toBe(
      'no coordinator: 2 of 4 voters (2, 3) reach each other, 3 are needed, or 2 with 4, which breaks the tie',
    );
    cluster.network.heal();
    const said = () => [...cluster.peers.keys()].every((id) => cluster.log(id).length === 2);
    cluster.until('all is said', said, 8000);
    expectNothingLost(cluster);
  });

  it('that is asked for later is given to the voters that are there, and taken away again', () => {
    const cluster = startCluster(['1', '2']);
    const restartAll = (options: object) => {
      for (const id of ['1', '2']) cluster.crash(id);
      for (const id of ['1', '2']) cluster.start(id, options);
    };

    restartAll(tieBreaker);
    cluster.until('2 breaks the tie', () => cluster.status('1').tie === '2', 8000);
    restartAll({});
    cluster.until('nobody breaks the tie', () => cluster.status('1').tie === null, 8000);

    expect(serves(cluster, '1', 'still here')).toBe(true);
    expectNothingLost(cluster);
  });

  it('of an odd number of voters waits until their number is even', () => {
    const cluster = startCluster(['1', '2', '3'], { options: tieBreaker });
    expect(cluster.status('1').tie).toBeNull();

    cluster.start('4', { ...tieBreaker, seeds: ['1:7000'] });
    cluster.until('4 votes', () => votersOf(cluster, '1') === '1234', 8000);

    expect(cluster.status('1').tie).toBe('4');
  });
});

describe('last man standing', () => {
  it('goes on from five voters to one, and grows again, with nothing lost', () => {
    const cluster = startCluster(['1', '2', '3', '4', '5'], {
      options: { ...tieBreaker, ...lastManStanding },
    });
    const left = ['1', '2', '3', '4', '5'];

    while (left.length > 1) {
      const lost = left.shift() ?? '';
      expect(serves(cluster, lost, `${lost} was here`)).toBe(true);
      cluster.crash(lost);
      cluster.until(`${lost} has no vote`, () => votersOf(cluster, '5') === left.join(''), 2 * WINDOW_MS);
      expect(serves(cluster, '5', `without ${lost}`)).toBe(true);
    }
    for (const id of ['1', '2', '3', '4']) cluster.start(id);
    cluster.until('all vote again', () => votersOf(cluster, '5') === '12345', 20_000);
    cluster.until('all are ready', () => [...cluster.peers.values()].every((p) => p.status().ready), 5000);

    expect(cluster.log('1')).toEqual(cluster.log('5'));
    expect(cluster.log('1')).toHaveLength(8);
    expectNothingLost(cluster);
  }, 60_000);

  it('takes coordinators too, when they stay away', () => {
    const cluster = startCluster(['1', '2', '3'], { options: lastManStanding });

    cluster.crash('3');
    cluster.until('3 has no vote', () => votersOf(cluster, '2') === '12', 3 * WINDOW_MS);
    cluster.start('3');
    cluster.until('3 leads again', () => cluster.coordinator() === '3', 20_000);

    expect(votersOf(cluster, '1')).toBe('123');
    expectNothingLost(cluster);
  });

  it('lets a voter that was taken out lead as soon as it is back, and vote', () => {
    const cluster = startCluster(['1', '2', '3'], { options: lastManStanding });
    cluster.crash('3');
    cluster.until('3 has no vote', () => votersOf(cluster, '2') === '12', 3 * WINDOW_MS);

    for (const id of ['1', '2']) cluster.crash(id);
    // It still believes that it votes, and wins the promises of those who do.
    for (const id of ['3', '1']) cluster.start(id);
    cluster.advance(1000);
    cluster.start('2');
    cluster.until('3 leads', () => cluster.coordinator() === '3', 10_000);
    cluster.until('3 votes', () => votersOf(cluster, '1') === '123', 10_000);

    expect(serves(cluster, '1', 'after')).toBe(true);
    expectNothingLost(cluster);
  });

  it('takes no vote from a voter that is back in time', () => {
    const cluster = startCluster(['1', '2', '3'], { options: lastManStanding });

    for (let i = 0; i < 3; i++) {
      cluster.crash('1');
      cluster.advance(WINDOW_MS / 2);
      cluster.start('1');
      cluster.advance(WINDOW_MS);
      expect(votersOf(cluster, '3')).toBe('123');
    }
  });

  it('leaves two voters their votes, where nobody breaks the tie', () => {
    const cluster = startCluster(['1', '2', '3'], { options: lastManStanding });

    cluster.crash('1');
    cluster.until('1 has no vote', () => votersOf(cluster, '3') === '23', 2 * WINDOW_MS);
    cluster.crash('2');
    cluster.advance(3 * WINDOW_MS);

    expect(votersOf(cluster, '3')).toBe('23');
    expect(cluster.status('3').coordinator).toBeNull();
  });

  it('leaves as many voters as it is told to', () => {
    const options = { ...lastManStanding, minVoters: 3 };
    const cluster = startCluster(['1', '2', '3'], { options });

    cluster.crash('1');
    cluster.advance(3 * WINDOW_MS);

    expect(votersOf(cluster, '3')).toBe('123');
    expect(serves(cluster, '3', 'two of three')).toBe(true);
  });

  it('cuts a minority out that cannot be heard, which joins again after the partition', () => {
    const cluster = startCluster(['1', '2', '3', '4', '5'], { options: lastManStanding });

    divide(cluster, ['4', '5'], ['1', '2', '3']);
    cluster.until('three vote', () => votersOf(cluster, '1') === '123', 4 * WINDOW_MS);
    cluster.say('5', 'unheard');
    expect(serves(cluster, '1', 'heard')).toBe(true);
    cluster.network.heal();
    cluster.until('all vote again', () => votersOf(cluster, '1') === '12345', 30_000);
    cluster.until('5 leads', () => cluster.coordinator() === '5', 10_000);
    cluster.until('all is said', () => cluster.log('1').length === 2, 5000);

    expectNothingLost(cluster);
  });
});

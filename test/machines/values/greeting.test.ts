import fc from 'fast-check';
import { type Dialled, type Introduction, judge, type Rival } from '../../../machines/values/greeting.js';

const peer = (id: string, rest: Partial<Introduction> = {}, incarnation = `of-${id}`): Introduction => ({
  version: 1,
  cluster: 'blue',
  clusterId: null,
  mode: 'safe',
  member: { id, incarnation, address: `127.0.0.1:700${id}`, priority: 0 },
  ...rest,
});

const refusal = (code: string, detail: string) => ({ verdict: 'refuse', code, detail });
const WELCOME = { verdict: 'welcome' };

describe('a greeting', () => {
  it('is welcome from a peer of the same version, cluster and mode', () => {
    expect(judge(peer('1'), peer('2'), null, 'here')).toEqual(WELCOME);
    expect(judge(peer('1'), peer('2'), null, 'there')).toEqual(WELCOME);
  });

  it('is refused across protocol versions', () => {
    expect(judge(peer('1'), peer('2', { version: 2 }), null, 'here')).toEqual(
      refusal(
        'version-mismatch',
        '127.0.0.1:7002 speaks protocol version 2, peer 1 version 1: run the same release on both',
      ),
    );
  });

  it('is refused across clusters, by name', () => {
    const detail =
      '127.0.0.1:7001 belongs to cluster "green", peer 4 to "blue": use --cluster green or another seed';

    expect(judge(peer('4'), peer('1', { cluster: 'green' }), null, 'here')).toEqual(
      refusal('cluster-mismatch', detail),
    );
    expect(judge(peer('1', { cluster: 'green' }), peer('4'), null, 'there')).toEqual(
      refusal('cluster-mismatch', detail),
    );
  });

  it('is refused across clusters of one name, once both sides know theirs', () => {
    const [one, other] = [peer('1', { clusterId: 'c1' }), peer('2', { clusterId: 'c2' })];

    expect(judge(one, other, null, 'here')).toMatchObject({ code: 'cluster-mismatch' });
    expect(judge(one, peer('2', { clusterId: 'c1' }), null, 'here')).toEqual(WELCOME);
    expect(judge(one, peer('2'), null, 'here')).toEqual(WELCOME);
    expect(judge(peer('1'), other, null, 'here')).toEqual(WELCOME);
  });

  it('is refused across modes', () => {
    expect(judge(peer('1'), peer('2', { mode: 'safe-mem' }), null, 'here')).toEqual(
      refusal(
        'mode-mismatch',
        '127.0.0.1:7002 runs in mode "safe-mem", peer 1 in "safe": use --mode safe-mem or another seed',
      ),
    );
  });

  it('is refused when it is our own', () => {
    expect(judge(peer('1'), peer('1'), null, 'here')).toEqual(
      refusal('self-dialled', '127.0.0.1:7001 is the address of peer 1 itself: leave it out of its seeds'),
    );
  });

  it('is refused when another process has our id', () => {
    expect(judge(peer('1'), peer('1', {}, 'another'), null, 'there')).toEqual(
      refusal(
        'duplicate-id',
        '127.0.0.1:7001 is a running peer with the id 1 already: use another --id, or stop that one',
      ),
    );
  });

  it('is refused when another life of that peer still has a channel', () => {
    const rival: Rival = { incarnation: 'earlier', dialled: 'there' };

    expect(judge(peer('1'), peer('2'), rival, 'there')).toMatchObject({ code: 'duplicate-id' });
  });

  it('is refused from another peer than the expected one', () => {
    expect(judge(peer('1'), peer('2'), null, 'here', '2')).toEqual(WELCOME);
    expect(judge(peer('1'), peer('2'), null, 'here', '3')).toEqual(
      refusal('unexpected-id', '127.0.0.1:7002 is peer 2, not 3: peer 3 has moved or is gone'),
    );
  });

  it('wins, of two channels dialled by the same side, when it is the newer', () => {
    for (const dialled of ['here', 'there'] as const)
      expect(judge(peer('1'), peer('2'), { incarnation: 'of-2', dialled }, dialled)).toEqual(WELCOME);
  });

  // RFC 4271, §6.8: the connection opened by the higher id stays.
  it('wins, of two channels dialled from both sides, when the higher id has dialled it', () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9]{1,4}$/), { minLength: 2, maxLength: 2 });

    fc.assert(
      fc.property(ids, fc.boolean(), ([a, b], isByA) => {
        const [own, theirs] = [peer(String(a)), peer(String(b))];
        const dialled: Dialled = isByA ? 'here' : 'there';
        const ofB: Rival = { incarnation: theirs.member.incarnation, dialled: isByA ? 'there' : 'here' };
        const ofA: Rival = { incarnation: own.member.incarnation, dialled };

        const atA = judge(own, theirs, ofB, dialled).verdict;
        const atB = judge(theirs, own, ofA, isByA ? 'there' : 'here').verdict;
        const isByHigher = isByA === String(a) > String(b);

        expect([atA, atB]).toEqual(isByHigher ? ['welcome', 'welcome'] : ['refuse', 'refuse']);
      }),
    );
  });

  it('is judged in one clear line', () => {
    const anyPeer = fc.record({
      version: fc.integer({ min: 1, max: 2 }),
      cluster: fc.constantFrom('blue', 'green'),
      clusterId: fc.constantFrom(null, 'c1', 'c2'),
      mode: fc.constantFrom('safe', 'safe-mem'),
    });

    fc.assert(
      fc.property(anyPeer, anyPeer, fc.constantFrom('1', '2'), (own, theirs, id) => {
        const verdict = judge(peer('1', own), peer(id, theirs), null, 'here');

        if (verdict.verdict === 'refuse') {
          expect(verdict.detail).not.toContain('\n');
          expect(verdict.detail.length).toBeLessThan(300);
        }
      }),
    );
  });
});

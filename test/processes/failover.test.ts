import { until } from '../support/until.js';
import {
  agreement,
  freshFolder,
  logsOf,
  PATIENCE_MS,
  type RunningPeer,
  restart,
  sayUntilNumbered,
  startPeer,
  startThree,
  textsOf,
} from './bullpen.js';

const NUMBERS = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

async function talk(peers: readonly RunningPeer[], about: string, each: number): Promise<string[]> {
  const said = await Promise.all(
    peers.map(async (peer) => {
      const texts = NUMBERS(each).map((i) => `${about} ${i} at ${peer.id}`);
      for (const text of texts) await sayUntilNumbered(peer, text);
      return texts;
    }),
  );
  return said.flat();
}

describe('three processes', () => {
  it('go on with the next number after kill -9 of the coordinator, and bring it back to the whole log', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    const said = await talk([one, two, three], 'before', 5);

    three.signal('SIGKILL');
    await three.ended;
    said.push(...(await talk([one, two], 'after', 5)));
    const led = await agreement([one, two], '2');
    const back = await restart(three, folder, [one.listen]);
    await agreement([one, two, back], '3');

    const logs = await logsOf([one, two, back], said.length);
    expect(led.term.n).toBeGreaterThan(0);
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
    expect(logs[0]?.map(({ sequence }) => sequence)).toEqual(NUMBERS(said.length));
    expect(textsOf(logs[0] ?? []).sort()).toEqual([...said].sort());
  }, 180_000);

  it('lose nothing that was acknowledged when all are killed at once and started again', async () => {
    const folder = freshFolder();
    const peers = await startThree(folder);
    const said = await talk(peers, 'kept', 5);

    for (const peer of peers) peer.signal('SIGKILL');
    await Promise.all(peers.map((peer) => peer.ended));
    const back = await Promise.all(peers.map((peer) => restart(peer, folder)));
    await agreement(back, '3');
    const next = await sayUntilNumbered(back[0] as RunningPeer, 'and on');

    const logs = await logsOf(back, said.length + 1);
    expect(next).toBe(said.length + 1);
    for (const log of logs) expect(textsOf(log).sort()).toEqual([...said, 'and on'].sort());
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
  }, 180_000);

  it('let a frozen coordinator wake into the reign of another, and keep one order', async () => {
    const [one, two, three] = await startThree(freshFolder());
    await talk([three], 'before', 3);

    three.signal('SIGSTOP');
    const led = await agreement([one, two], '2');
    const meanwhile = await talk([one, two], 'meanwhile', 3);
    three.signal('SIGCONT');
    const again = await agreement([one, two, three], '3');

    const logs = await logsOf([one, two, three], 3 + meanwhile.length);
    expect(again.term.n).toBeGreaterThan(led.term.n);
    expect(logs[1]).toEqual(logs[0]);
    expect(logs[2]).toEqual(logs[0]);
    expect(three.child.exitCode).toBeNull();
  }, 180_000);

  it('end with exit code 0 when asked to, and stay members when they have journals', async () => {
    const [one, two, three] = await startThree(freshFolder());

    one.signal('SIGTERM');
    const exitCode = await one.ended;

    const { view } = await until('the others to suspect it', PATIENCE_MS, async () => {
      const status = await two.status();
      return status.view.members.some(({ id, state }) => id === '1' && state === 'suspected') && status;
    });
    expect(exitCode).toBe(0);
    expect(view.members.map(({ id }) => id).sort()).toEqual(['1', '2', '3']);
    expect(three.child.exitCode).toBeNull();
  }, 180_000);

  it('leave the cluster when told to over HTTP, and when told to end without a journal', async () => {
    const one = await startPeer({ id: '1', bootstrap: true });
    const two = await startPeer({ id: '2', seeds: [one.listen] });
    const three = await startPeer({ id: '3', seeds: [one.listen] });
    await agreement([one, two, three], '3');
    const membersOf = async (peer: RunningPeer) => (await peer.status()).view.members.map(({ id }) => id);

    const left = await fetch(`http://${three.http}/v1/leave`, { method: 'POST' });
    await until('the view without 3', PATIENCE_MS, async () => !(await membersOf(one)).includes('3'));
    two.signal('SIGTERM');
    await until('the view without 2', PATIENCE_MS, async () => !(await membersOf(one)).includes('2'));

    expect(left.status).toBe(200);
    expect(await Promise.all([three.ended, two.ended])).toEqual([0, 0]);
    expect((await one.say('alone again')).status).toBe(201);
  }, 180_000);
});

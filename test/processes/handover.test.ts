/** Real processes that hand the office over: on request, and on SIGTERM. */
import { until } from '../support/until.js';
import {
  agreement,
  freshFolder,
  logsOf,
  PATIENCE_MS,
  type RunningPeer,
  restart,
  run,
  startPeer,
  startThree,
  textsOf,
} from './bullpen.js';

/** Says one text after the other at `peer`, without a retry, until told to end. Answers what was said and how it went. */
function talking(peer: RunningPeer) {
  const said: string[] = [];
  const failed: number[] = [];
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      const text = `${peer.id}: ${said.length + 1}`;
      const { status } = await peer.say(text);
      if (status === 201) said.push(text);
      else failed.push(status);
    }
  })();
  return {
    said,
    failed,
    end: async () => {
      isOver = true;
      await done;
    },
  };
}

describe('three processes', () => {
  it('change the coordinator by command, asked of any of them, without a request that fails', async () => {
    const [one, two, three] = await startThree(freshFolder());
    const talk = talking(one);

    const moved = await run(['cluster', 'transfer', '2', '--http', two.http]);
    await agreement([one, two, three], '2');
    const same = await run(['cluster', 'transfer', '2', '--http', one.http]);
    const unknown = await run(['cluster', 'transfer', '9', '--http', one.http]);
    await talk.end();

    expect(moved.stderr).toBe('');
    expect([moved.exitCode, moved.stdout]).toEqual([
      0,
      expect.stringMatching(/^2 coordinates, in term \d+\n$/),
    ]);
    expect(same.exitCode).toBe(0);
    expect([unknown.exitCode, unknown.stderr]).toEqual([64, 'bullpen: 9: is no member of the cluster\n']);
    expect(talk.failed).toEqual([]);
    expect(talk.said.length).toBeGreaterThan(5);
    const [log] = await logsOf([three], talk.said.length);
    expect(textsOf(log ?? [])).toEqual(talk.said);
  }, 120_000);

  it('lose no request when the coordinator is told to end: it hands over first', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    const talk = talking(one);
    await until('some lines', PATIENCE_MS, () => talk.said.length > 20);

    three.signal('SIGTERM');
    expect(await three.ended).toBe(0);
    await agreement([one, two], '2');
    await talk.end();
    const back = await restart(three, folder, [one.listen]);

    expect(talk.failed).toEqual([]);
    const logs = await logsOf([one, two, back], talk.said.length);
    for (const log of logs) expect(textsOf(log)).toEqual(talk.said);
  }, 120_000);

  it('say in words why nobody coordinates, once too few are left', async () => {
    const [one, two, three] = await startThree(freshFolder());
    const fine = await run(['cluster', 'why-no-coordinator', '--http', one.http]);

    for (const peer of [two, three]) peer.signal('SIGKILL');
    await until('nobody leads', PATIENCE_MS, async () => (await one.status()).coordinator === null);
    const why = await run(['cluster', 'why-no-coordinator', '--http', one.http]);

    expect([fine.exitCode, fine.stdout]).toEqual([
      0,
      expect.stringMatching(/^3 coordinates, in term \d+\n$/),
    ]);
    expect(why.exitCode).toBe(75);
    expect(why.stdout.split('\n')).toEqual([
      'no coordinator: 1 reaches 1 of 3 voters (1), and 2 are needed',
      `  2 at ${two.listen}: it does not answer, and nobody who was asked hears it`,
      `  3 at ${three.listen}: it does not answer, and nobody who was asked hears it`,
      'what to do: bring back one of 2, 3, or mend the network to where they listen',
      '',
    ]);
  }, 120_000);

  it('answer over HTTP why an office is not handed over', async () => {
    const one = await startPeer({ id: '1', bootstrap: true });
    const post = async (body: unknown) => {
      const response = await fetch(`http://${one.http}/v1/transfer`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return [response.status, await response.json()];
    };

    expect(await post({ to: '1' })).toEqual([200, { coordinator: '1', term: expect.any(Number) }]);
    expect(await post({ to: '2' })).toEqual([
      404,
      { error: { code: 'unknown-member', message: '2: is no member of the cluster' } },
    ]);
    expect(await post({})).toMatchObject([400, { error: { code: 'bad-request' } }]);
  }, 60_000);
});

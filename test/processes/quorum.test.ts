import { join } from 'node:path';
import { until } from '../support/until.js';
import {
  agreement,
  allVote,
  ask,
  freshFolder,
  logsOf,
  PATIENCE_MS,
  restart,
  sayUntilNumbered,
  startPeer,
  textsOf,
} from './bullpen.js';

describe('five processes', () => {
  it('elect 3 when 5 and 4 die; two of five refuse to go on, say why, and go on when a third is back', async () => {
    const folder = freshFolder();
    const one = await startPeer({ id: '1', data: join(folder, '1'), bootstrap: true });
    const [two, three, four, five] = await Promise.all(
      (['2', '3', '4', '5'] as const).map((id) =>
        startPeer({ id, data: join(folder, id), seeds: [one.listen] }),
      ),
    );
    if (!two || !three || !four || !five) throw new Error('four were started');
    await agreement([one, two, three, four, five], '5');
    await allVote(one, 5);

    five.signal('SIGKILL');
    await agreement([one, two, three, four], '4');
    four.signal('SIGKILL');
    await agreement([one, two, three], '3');
    await sayUntilNumbered(one, 'three of five');

    three.signal('SIGKILL');
    const refusal = await until('a refusal', PATIENCE_MS, async () => {
      const { status, body } = await one.say('two of five', 'two of five');
      return status === 503 && body;
    });
    const readiness = (await ask(`http://${one.http}/readyz`)) as {
      error?: { code: string; message: string };
    };
    expect(refusal.error?.code).toBe('no-coordinator');
    expect(readiness.error?.code).toBe('not-ready');
    expect(readiness.error?.message).toMatch(/quorum|majority|coordinator/);

    const back = await restart(three, folder, [one.listen]);
    await agreement([one, two, back], '3');
    await sayUntilNumbered(one, 'three again');
    const logs = await logsOf([one, two, back], 2);
    for (const log of logs) {
      expect(textsOf(log).filter((text) => text === 'two of five').length).toBeLessThanOrEqual(1);
      expect(log).toEqual(logs[0]);
    }
  }, 180_000);
});

describe('peers started one by one', () => {
  it('end up led by the highest, while a stream of messages loses nothing', async () => {
    const one = await startPeer({ id: '1', bootstrap: true });
    const said: string[] = [];
    let streaming = true;
    const stream = (async () => {
      for (let i = 1; streaming; i++) {
        await sayUntilNumbered(one, `line ${i}`);
        said.push(`line ${i}`);
      }
    })();

    const two = await startPeer({ id: '2', seeds: [one.listen] });
    await agreement([one, two], '2');
    const three = await startPeer({ id: '3', seeds: [two.listen] });
    await agreement([one, two, three], '3');
    streaming = false;
    await stream;

    const logs = await logsOf([one, two, three], said.length);
    for (const log of logs) expect(textsOf(log)).toEqual(said);
  }, 180_000);

  it('keep the first one with --takeover never', async () => {
    const more = ['--takeover', 'never'];
    const one = await startPeer({ id: '1', bootstrap: true, more });
    const two = await startPeer({ id: '2', seeds: [one.listen], more });
    const three = await startPeer({ id: '3', seeds: [one.listen], more });
    const { term } = await agreement([one, two, three], '1');

    // Long enough for a takeover, had there been one: as many messages as it takes to be sure.
    const over = performance.now() + 2000;
    while (performance.now() < over) await sayUntilNumbered(three, `at ${performance.now()}`);

    const after = await agreement([one, two, three], '1');
    expect(after.term).toEqual(term);
  }, 180_000);
});

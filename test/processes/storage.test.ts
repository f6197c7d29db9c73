/** Disks of real peers: damaged, backed up, restored, and short for ever. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../support/until.js';
import {
  agreement,
  ask,
  freshFolder,
  logsOf,
  restart,
  run,
  startPeer,
  startThree,
  textsOf,
} from './bullpen.js';

/** LevelDB's newest log, in which a small journal lies. */
function levelLog(data: string): string {
  const folder = join(data, 'log');
  const name =
    readdirSync(folder)
      .filter((file) => file.endsWith('.log'))
      .sort()
      .at(-1) ?? '';
  return join(folder, name);
}

describe('a journal of a killed peer', () => {
  it('with a flipped byte: its peer has no vote until it has learnt again what is gone', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    for (let i = 0; i < 20; i++) await two.say(`${i}`.padEnd(10_000, '.'));
    one.signal('SIGKILL');
    await one.ended;
    const file = levelLog(join(folder, '1'));
    const bytes = readFileSync(file);
    const place = 40_000;
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    writeFileSync(file, bytes);

    const verified = await run(['log', 'verify', join(folder, '1')]);
    const again = await restart(one, folder, [two.listen]);
    await until('it to have recovered', 20_000, () => again.stderr().includes('data-recovered'));
    three.signal('SIGKILL');
    await three.ended;
    await agreement([again, two], '2');
    await two.say('after');
    const [ours, theirs] = await logsOf([again, two], 21);

    expect(verified.exitCode).toBe(1);
    expect(verified.stderr).toMatch(/^bullpen log: journal .* is damaged/);
    expect(again.stderr()).toContain('data-damaged');
    expect(textsOf(ours ?? [])).toEqual(textsOf(theirs ?? []));
  }, 90_000);
});

describe('a backup', () => {
  it('that is restored into its live cluster comes back as a learner of another incarnation, and catches up', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    for (const text of ['one', 'two']) await two.say(text);
    const before = await one.status();
    one.signal('SIGTERM');
    await one.ended;
    const file = join(folder, 'backup');
    const backedUp = await run(['log', 'backup', join(folder, '1'), file]);
    for (const text of ['three', 'four']) await two.say(text);
    rmSync(join(folder, '1'), { recursive: true });
    const restored = await run(['log', 'restore', file, join(folder, '1')]);

    const again = await restart(one, folder, [two.listen]);
    const after = await until('it to vote', 30_000, async () => {
      const status = await again.status();
      return status.role === 'follower' && status;
    });
    await agreement([again, two, three], '3');

    expect([backedUp.exitCode, restored.exitCode]).toEqual([0, 0]);
    expect(after.incarnation).not.toBe(before.incarnation);
    const [log] = await logsOf([again], 4);
    expect(textsOf(log ?? [])).toEqual(['one', 'two', 'three', 'four']);
  }, 90_000);

  it('founds the cluster again, where it is gone', async () => {
    const folder = freshFolder();
    const [one, two, three] = await startThree(folder);
    for (const text of ['one', 'two']) await two.say(text);
    for (const peer of [one, two, three]) peer.signal('SIGKILL');
    await Promise.all([one, two, three].map(({ ended }) => ended));
    const file = join(folder, 'backup');
    await run(['log', 'backup', join(folder, '2'), file]);
    await run(['log', 'restore', '--found', file, join(folder, 'new')]);

    const alone = await startPeer({ id: '2', data: join(folder, 'new') });
    const joined = await startPeer({ id: '4', data: join(folder, '4'), seeds: [alone.listen] });
    await alone.say('three');
    const logs = await logsOf([alone, joined], 3);

    expect(logs.map(textsOf)).toEqual([
      ['one', 'two', 'three'],
      ['one', 'two', 'three'],
    ]);
  }, 90_000);
});

it('a peer with snapshots starts from them, and says what is gone', async () => {
  const folder = freshFolder();
  const more = ['--snapshot-every', '50', '--trailing', '10'];
  const data = join(folder, '1');
  const peer = await startPeer({ id: '1', data, bootstrap: true, more });
  for (let i = 1; i <= 120; i++) await peer.say(`${i}`);
  peer.signal('SIGKILL');
  await peer.ended;
  const verified = await run(['log', 'verify', data]);

  const again = await startPeer({ id: '1', data, more });
  await again.say('121');
  const page = (await ask(`http://${again.http}/v1/messages`)) as { messages: { sequence: number }[] };
  const gone = (await ask(`http://${again.http}/v1/messages?after=2`)) as { error: { code: string } };

  expect(verified.stdout).toMatch(/^ok entries=\d+ snapshot=1?\d\d /);
  expect(page.messages[0]?.sequence).toBeGreaterThan(40);
  expect(page.messages.at(-1)?.sequence).toBe(121);
  expect(gone.error.code).toBe('history-gone');
}, 60_000);

/** Faults asked for over HTTP, of real processes: what the classroom's Live screen does, and what Replay shows of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyOf } from '../../apps/classroom/history/index.js';
import { until } from '../support/until.js';
import {
  agreement,
  ask,
  freshFolder,
  PATIENCE_MS,
  type RunningPeer,
  run,
  sayUntilNumbered,
  startThree,
} from './bullpen.js';

interface Active {
  readonly active: readonly { readonly kind: string; readonly words: string; readonly leftMs: number }[];
}

async function harm(peer: RunningPeer, fault: object): Promise<Active> {
  const response = await fetch(`http://${peer.http}/v1/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fault),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Active;
}

const linesOf = (path: string) => readFileSync(path, 'utf8').trimEnd().split('\n');

it('the coordinator of three is cut off and heals, is stopped and goes on, and is killed', async () => {
  const folder = freshFolder();
  const traceOf = (id: string) => join(folder, `${id}.ndjson`);
  const [one, two, three] = await startThree(folder, (id) => ['--allow-faults', '--trace', traceOf(id)]);

  const cut = { kind: 'cut', peers: ['1', '2'], direction: 'both', forMs: 60_000 };
  expect((await harm(three, cut)).active).toMatchObject([
    { kind: 'cut', words: 'the network splits: 3 | 1 and 2' },
  ]);
  await agreement([one, two], '2');
  await sayUntilNumbered(one, 'without 3');
  const deposed = await until('3 to have noticed', PATIENCE_MS, async () => {
    const status = await three.status();
    return !status.ready && status;
  });
  expect(deposed).toMatchObject({ faults: [{ kind: 'cut' }] });
  expect(await harm(three, { kind: 'heal' })).toEqual({ active: [] });
  await agreement([one, two, three], '3');

  const { active } = await harm(three, { kind: 'pause', forMs: 4000 });
  expect(active).toEqual([{ kind: 'pause', words: '3 is paused', leftMs: expect.any(Number) }]);
  await agreement([one, two], '2');
  await agreement([one, two, three], '3');
  await until('the pause to be over', PATIENCE_MS, async () => {
    const answer = (await ask(`http://${three.http}/v1/faults`)) as Active;
    return answer.active.length === 0;
  });

  await harm(three, { kind: 'crash' });
  expect(await three.ended).toBe('SIGKILL');
  await agreement([one, two], '2');

  const told = linesOf(traceOf('3'))
    .map((line) => JSON.parse(line))
    .filter(({ k }) => k === 'fault')
    .map(({ phase, act }) => `${phase} ${act.kind}`);
  const history = historyOf(['1', '2', '3'].map((id) => linesOf(traceOf(id))));
  expect(told).toEqual(['begin partition', 'end partition', 'begin pause', 'end pause', 'begin crash']);
  expect(history.marks.filter(({ kind }) => /^fault/.test(kind)).map(({ words }) => words)).toEqual([
    'the network splits: 3 | 1 and 2',
    'the network is whole again: 3 | 1 and 2',
    '3 is paused',
    '3 goes on',
    'the process of 3 is killed',
  ]);
  expect(history.worldAt(history.placeAt(history.endMs)).peers['3']?.condition).toBe('crashed');
  expect(history.refusals.count).toBe(0);
}, 180_000);

it('nobody can allow them to the network', async () => {
  const { exitCode, stderr } = await run(['peer', '--id', '1', '--http', '0.0.0.0:0', '--allow-faults']);

  expect(exitCode).toBe(64);
  expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/--allow-faults: .*127\.0\.0\.1/)]);
});

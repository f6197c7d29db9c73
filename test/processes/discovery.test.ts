/** Three processes that were told no address find each other, and found one cluster. */

import { until } from '../support/until.js';
import { freshFolder, launch, PATIENCE_MS } from './bullpen.js';

const port = 41_000 + (process.pid % 20_000);

it.each([
  ['multicast', `multicast:239.77.77.8:${port}`],
  ['broadcast', `broadcast:${port + 1}`],
])(
  'by %s',
  async (_way, mode) => {
    const data = freshFolder();
    const peers = ['1', '2', '3'].map((id) =>
      launch([
        'peer',
        '--id',
        id,
        '--preset',
        'fast',
        '--discover',
        mode,
        '--expect',
        '3',
        '--data',
        `${data}/${id}`,
        '--json',
      ]),
    );
    const ready = await until('all three to be ready', PATIENCE_MS, async () => {
      const lines = peers.map((peer) => peer.lines()[0]);
      return lines.every((line) => line !== undefined) ? lines : undefined;
    });

    expect(ready.map((line) => JSON.parse(line) as object)).toMatchObject(
      ['1', '2', '3'].map((id) => ({ event: 'ready', id, coordinator: expect.any(String) })),
    );
  },
  2 * PATIENCE_MS,
);

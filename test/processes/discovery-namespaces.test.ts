/** Three machines on one bridge, as network namespaces: processes that were told no address, not even their own, meet. */
import { until } from '../support/until.js';
import { freshFolder, launch, PATIENCE_MS } from './bullpen.js';
import { createNamespaceNetwork, whyNoNamespaces } from './faults/namespace-network.js';

const hindrance = await whyNoNamespaces();
const port = 43_000 + (process.pid % 20_000);
const IDS = ['1', '2', '3'];

(hindrance === null ? describe : describe.skip)(
  `peers in three network namespaces find each other${hindrance === null ? '' : `: ${hindrance}`}`,
  () => {
    it.each([
      ['multicast', `multicast:239.77.77.10:${port}`, 'ws'],
      ['broadcast', `broadcast:${port}`, 'ws'],
      ['multicast', `multicast:239.77.77.10:${port}`, 'udp'],
    ])(
      'by %s, in %s, over %s',
      async (_way, mode, transport) => {
        const data = freshFolder();
        const network = await createNamespaceNetwork(IDS);
        try {
          const peers = IDS.map((id) => {
            const place = ['--listen', '0.0.0.0:7000', '--data', `${data}/${id}`];
            const way = ['--discover', mode, '--transport', transport, '--expect', '3'];
            const words = ['peer', '--id', id, '--preset', 'fast', '--json', ...place, ...way];
            return launch(words, {}, network.placeOf(id).before);
          });
          const ready = await until('all three to be ready', PATIENCE_MS, () => {
            const lines = peers.map((peer) => peer.lines()[0]);
            return lines.every((line) => line !== undefined) && lines;
          });

          expect(ready.map((line) => JSON.parse(line) as object)).toMatchObject(
            IDS.map((id) => ({ event: 'ready', id, listen: network.placeOf(id).listen })),
          );
          for (const peer of peers) peer.child.kill('SIGKILL');
          await Promise.all(peers.map(({ ended }) => ended));
        } finally {
          await network.close();
        }
      },
      2 * PATIENCE_MS,
    );
  },
);

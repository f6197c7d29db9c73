/** A web page as a client: the same exactly-once, over the page's own WebSockets, and only for pages that may. */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freshFolder, logsOf, PATIENCE_MS, startPeer } from '../processes/bullpen.js';
import { until } from '../support/until.js';
import { itInBrowser, visit } from './browser.js';

const CLIENT = join(import.meta.dirname, '../../dist/client.js');
const NUMBERS = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

let server: Server | undefined;
afterEach(() => new Promise((resolve) => (server === undefined ? resolve(null) : server.close(resolve))));

/** A page that has the client and nothing else. Answers its origin. */
async function servePage(): Promise<string> {
  const page = createServer((request, response) => {
    if (request.url === '/client.js')
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(CLIENT));
    else if (request.url === '/favicon.ico') response.writeHead(204).end();
    else
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          '<!doctype html><script type="module">import { createClient } from "/client.js"; globalThis.createClient = createClient;</script>',
        );
  });
  server = page;
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(page.address() as AddressInfo).port}`;
}

itInBrowser(
  'a page that loses its peer in the middle goes on with another, in order, once',
  async () => {
    const origin = await servePage();
    const folder = freshFolder();
    const more = ['--client-origin', origin];
    const one = await startPeer({ id: '1', data: join(folder, '1'), bootstrap: true, more });
    const others = await Promise.all(
      ['2', '3'].map((id) => startPeer({ id, data: join(folder, id), seeds: [one.listen], more })),
    );
    const peers = [one, ...others];
    await until('all have joined', PATIENCE_MS, async () => {
      const statuses = await Promise.all(peers.map((peer) => peer.status()));
      return statuses.every(({ ready, view }) => ready && view.members.length === 3) ? true : undefined;
    });
    const { page } = await visit(origin);
    await page.waitForFunction('globalThis.createClient !== undefined');

    await page.evaluate(`
      globalThis.client = createClient({ seeds: ${JSON.stringify(peers.map(({ listen }) => listen))} });
      globalThis.answered = 0;
      globalThis.heard = [];
      (async () => { for await (const { payload } of client.deliveries()) heard.push(payload.number); })();
      globalThis.all = (async () => {
        const sequences = [];
        for (let first = 1; first <= 1000; first += 10) {
          const some = Array.from({ length: 10 }, (_, i) => client.submit('general', { number: first + i }));
          for (const { sequence } of await Promise.all(some)) sequences.push(sequence);
          answered = sequences.length;
        }
        return sequences;
      })(); 0`);
    await page.waitForFunction('answered > 200');
    const attached = await page.evaluate('client.status().peer');
    const victim = peers.find(({ id }) => id === attached);
    victim?.signal('SIGKILL');
    const sequences = await page.evaluate('all');

    expect(sequences).toEqual(NUMBERS(1000));
    await page.waitForFunction('heard.length === 1000');
    expect(await page.evaluate('heard')).toEqual(NUMBERS(1000));
    for (const log of await logsOf(
      peers.filter((peer) => peer !== victim),
      1000,
    ))
      expect(log.map(({ payload }) => (payload as { number: number }).number)).toEqual(NUMBERS(1000));
  },
  180_000,
);

itInBrowser(
  'a page from elsewhere is no client',
  async () => {
    const origin = await servePage();
    const peer = await startPeer({ id: '1', bootstrap: true });
    const { page } = await visit(origin);
    await page.waitForFunction('globalThis.createClient !== undefined');

    const code = await page.evaluate(`(async () => {
      const client = createClient({ seeds: ['${peer.listen}'] });
      return client.submit('general', 'x', { timeoutMs: 2000 }).catch(({ code }) => code);
    })()`);

    expect(code).toBe('no-coordinator');
  },
  60_000,
);

/** What was said last on a connection is the answer to whatever comes after it: nothing of that may be done. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from '../../apps/node/http.js';
import { until } from '../support/until.js';

const app = createServer();
let asked = 0;
let release = () => {};
app.post('/', async () => {
  asked += 1;
  await new Promise<void>((resolve) => {
    release = resolve;
  });
  return {};
});
let url = '';

beforeAll(async () => {
  url = await app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => app.close());
beforeEach(() => {
  asked = 0;
});

const REQUEST =
  'POST / HTTP/1.1\r\nhost: here\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}';

/** A connection, with its other end and what has been answered so far. */
async function connected() {
  const accepted = new Promise<Socket>((resolve) => app.server.once('connection', resolve));
  const client = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  client.on('data', (bytes) => {
    answer += bytes;
  });
  return { client, socket: await accepted, answer: () => answer };
}

// Found by real faults: a peer that had stood still told three clients that they had been too slow, then read what they had
// sent meanwhile, and submitted it.
it('a request that arrives behind “too slow” is not taken', async () => {
  const { client, socket, answer } = await connected();
  const tooSlow = Object.assign(new Error('too slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

  app.server.emit('clientError', tooSlow, socket);
  client.write(REQUEST);
  await once(client, 'end');
  client.end();
  await once(client, 'close');
  // By now its bytes have been read, if they ever are.
  await fetch(url);

  expect(answer()).toMatch(/^HTTP\/1\.1 408 /);
  expect(answer()).toMatch(/connection: close/);
  expect(asked).toBe(0);
});

it('a request that is under way gets no answer that was meant for what came behind it', async () => {
  const { client, answer } = await connected();

  client.write(REQUEST);
  await until('the request to be under way', 10_000, () => asked === 1);
  client.write('no request at all\r\n\r\n');
  await once(client, 'close');
  release();

  expect(answer()).toBe('');
});

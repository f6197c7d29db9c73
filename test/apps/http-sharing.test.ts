/** Pages of this machine may read what a peer shows of itself; others may not, and nothing else is shared. */
import { type AttendedPeer, peerWith } from './peer-with.js';

let attended: AttendedPeer;
beforeAll(async () => {
  attended = await peerWith({ http: '127.0.0.1:0' });
});
afterAll(() => attended.close());

/** What a browser would be allowed to read. */
async function allowedTo(origin: string, path: string): Promise<string | null> {
  const closing = new AbortController();
  const response = await fetch(`http://${attended.attached.http}${path}`, {
    headers: { origin },
    signal: closing.signal,
  });
  const allowed = response.headers.get('access-control-allow-origin');
  closing.abort();
  return allowed;
}

const READABLE = ['/v1/status', '/v1/beliefs', '/v1/machines', '/v1/trace', '/v1/trace/stream'];

it.each(READABLE)('lets a page that this machine serves read %s', async (path) => {
  expect(await allowedTo('http://127.0.0.1:8001', path)).toBe('http://127.0.0.1:8001');
  expect(await allowedTo('http://localhost:7611', path)).toBe('http://localhost:7611');
});

it.each([
  'http://evil.example',
  'http://127.0.0.1.evil.example',
  'http://localhost.evil.example:80',
  'https://127.0.0.1:8001',
  'http://192.168.0.7:8001',
  'null',
])('lets no page of %s read anything', async (origin) => {
  for (const path of READABLE) expect(await allowedTo(origin, path)).toBeNull();
});

it('shares neither what was said nor the page itself', async () => {
  for (const path of ['/v1/messages', '/v1/stream', '/metrics', '/'])
    expect(await allowedTo('http://127.0.0.1:8001', path)).toBeNull();
});

/** Who may ask for faults over HTTP, and how: never a page of a stranger, never where the flag was not given. */
import { request } from 'node:http';
import { type AttendedPeer, peerWith } from './peer-with.js';

let willing: AttendedPeer;
let unwilling: AttendedPeer;
beforeAll(async () => {
  [willing, unwilling] = await Promise.all([
    peerWith({ http: '127.0.0.1:0', allowFaults: true, advertise: 'peer.example:7001' }),
    peerWith({ http: '127.0.0.1:0' }),
  ]);
});
afterAll(() => Promise.all([willing.close(), unwilling.close()]));

const portOf = ({ attached }: AttendedPeer) => Number(attached.http?.split(':').at(-1));
const JSON_TYPE = { 'content-type': 'application/json' };
const NEIGHBOUR = 'http://localhost:7611';
const HEAL = JSON.stringify({ kind: 'heal' });

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly path?: string;
}

/** In bytes of our own: what `fetch` would not let a page send has to be refused as well. */
const ask = (
  peer: AttendedPeer,
  { method = 'POST', headers = {}, body = HEAL, path = '/v1/faults' }: Asked,
) =>
  new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; body: string }>(
    (resolve, reject) => {
      const place = { hostname: '127.0.0.1', port: portOf(peer), path, method };
      request(
        { ...place, headers: { 'content-length': String(Buffer.byteLength(body)), ...headers } },
        (response) => {
          let text = '';
          response.on('data', (part) => {
            text += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      )
        .on('error', reject)
        .end(body);
    },
  );

const codeOf = ({ body }: { readonly body: string }) => JSON.parse(body).error?.code;

describe('without --allow-faults', () => {
  it('nothing can be done, nothing is told, and no page of elsewhere hears why', async () => {
    const asked = await ask(unwilling, { headers: JSON_TYPE });
    const looked = await ask(unwilling, { method: 'GET', body: '' });
    const neighbour = await ask(unwilling, { headers: { ...JSON_TYPE, origin: NEIGHBOUR } });
    const preflight = await ask(unwilling, { method: 'OPTIONS', body: '', headers: { origin: NEIGHBOUR } });
    const status = await ask(unwilling, { method: 'GET', body: '', path: '/v1/status' });

    expect([asked.status, codeOf(asked)]).toEqual([403, 'faults-not-allowed']);
    expect([looked.status, codeOf(looked)]).toEqual([403, 'faults-not-allowed']);
    for (const answer of [neighbour, preflight]) {
      expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden-origin']);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect(JSON.parse(status.body)).not.toHaveProperty('faults');
  });
});

describe('with --allow-faults', () => {
  it('a program may ask, and a page of this machine after its browser has asked whether it may', async () => {
    const program = await ask(willing, { headers: JSON_TYPE });
    const own = await ask(willing, {
      headers: { ...JSON_TYPE, origin: `http://127.0.0.1:${portOf(willing)}` },
    });
    const preflight = await ask(willing, {
      method: 'OPTIONS',
      body: '',
      headers: {
        origin: NEIGHBOUR,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    const neighbour = await ask(willing, { headers: { ...JSON_TYPE, origin: NEIGHBOUR } });

    expect([program.status, own.status, neighbour.status]).toEqual([200, 200, 200]);
    expect(JSON.parse(neighbour.body)).toEqual({ active: [] });
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': NEIGHBOUR,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'content-type',
    });
    expect(neighbour.headers['access-control-allow-origin']).toBe(NEIGHBOUR);
  });

  it('is said by the status', async () => {
    const status = await ask(willing, { method: 'GET', body: '', path: '/v1/status' });
    const faults = await ask(willing, { method: 'GET', body: '' });

    expect(JSON.parse(status.body)).toMatchObject({ id: '1', faults: [] });
    expect(JSON.parse(faults.body)).toEqual({ active: [] });
  });

  it('stands in the document of its calls, with what is taken', async () => {
    const { body } = await ask(willing, { method: 'GET', body: '', path: '/v1/openapi.json' });
    const { get, post } = JSON.parse(body).paths['/v1/faults'];
    const kinds = post.requestBody.content['application/json'].schema.oneOf.map(
      (one: { properties: { kind: { const: string } } }) => one.properties.kind.const,
    );

    expect([get.summary, post.summary]).toEqual(
      Array(2).fill(expect.stringMatching(/^with --allow-faults: /)),
    );
    expect(kinds).toEqual(['crash', 'pause', 'cut', 'heal']);
  });

  it.each([
    ['a page of the Internet', { origin: 'http://evil.example' }, 'forbidden-origin'],
    ['one with a name like ours', { origin: 'http://localhost.evil.example' }, 'forbidden-origin'],
    ['a sandboxed page', { origin: 'null' }, 'forbidden-origin'],
    ['a page of the network', { origin: 'http://192.168.0.7:8001' }, 'forbidden-origin'],
    ['a name made to point here', { host: 'evil.example' }, 'forbidden-host'],
    ['one that also says so', { host: 'evil.example', origin: 'http://evil.example' }, 'forbidden-host'],
    [
      'a name of this peer that points here',
      { host: 'peer.example', origin: 'http://peer.example' },
      'forbidden-host',
    ],
  ])('%s is refused', async (_, headers, code) => {
    const crash = JSON.stringify({ kind: 'crash' });
    const asked = await ask(willing, { headers: { ...JSON_TYPE, ...headers }, body: crash });

    expect([asked.status, codeOf(asked)]).toEqual([403, code]);
    expect(asked.headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'a form, which sends %s, is refused, also by a page of this machine',
    async (type) => {
      const headers = { origin: NEIGHBOUR, ...(type !== undefined && { 'content-type': type }) };
      const asked = await ask(willing, { headers, body: JSON.stringify({ kind: 'crash' }) });

      expect([asked.status, codeOf(asked)]).toEqual([415, 'unsupported-media-type']);
    },
  );

  it.each([
    ['nothing', '', /body is empty/],
    ['a list', '[]', /^must be an object whose kind is crash, pause, cut or heal$/],
    ['no kind', '{}', /^kind: /],
    ['another kind', '{"kind":"explode"}', /^kind: must be .*crash, pause, cut or heal$/],
    ['a crash with more', '{"kind":"crash","forMs":5}', /forMs/],
    ['a pause for ever', '{"kind":"pause"}', /^forMs: is missing$/],
    ['a pause too short', '{"kind":"pause","forMs":99}', /^forMs: .*100/],
    ['a pause too long', '{"kind":"pause","forMs":60001}', /^forMs: .*60000/],
    ['half a ms', '{"kind":"pause","forMs":100.5}', /^forMs: /],
    ['a cut from nobody', '{"kind":"cut","peers":[],"direction":"in","forMs":100}', /^peers: /],
    [
      'a cut from what has no id',
      '{"kind":"cut","peers":["a b"],"direction":"in","forMs":100}',
      /^peers\.0: /,
    ],
    ['a way that is none', '{"kind":"cut","peers":["2"],"direction":"up","forMs":100}', /^direction: /],
    [
      'a cut from itself',
      '{"kind":"cut","peers":["1"],"direction":"in","forMs":100}',
      /names this peer itself/,
    ],
    ['a cut from a stranger', '{"kind":"cut","peers":["2"],"direction":"in","forMs":100}', /2 is no member/],
  ])('%s is refused in one line', async (_, body, saying) => {
    const asked = await ask(willing, { headers: JSON_TYPE, body });
    const { message } = JSON.parse(asked.body).error;

    expect(asked.status).toBe(message.endsWith('no member') ? 404 : 400);
    expect(message).toMatch(saying);
    expect(message).not.toContain('\n');
    expect(Object.keys(JSON.parse(asked.body))).toEqual(['error']);
  });
});

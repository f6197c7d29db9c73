import { request } from 'node:http';
import { connect } from 'node:net';
import { until } from '../support/until.js';
import { type AttendedPeer, peerWith } from './peer-with.js';

let attended: AttendedPeer;
let url: string;
beforeAll(async () => {
  attended = await peerWith({ http: '127.0.0.1:0' });
  url = `http://${attended.attached.http}`;
});
afterAll(() => attended.close());

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & { error: { code: string; message: string } };
}

async function call(path: string, options: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, options);
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Answer['body'],
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const message = (payload: unknown, more = {}) => ({ topic: 'general', payload, ...more });

describe('a message over HTTP', () => {
  it('gets its number, and is read back in order', async () => {
    const first = await post('/v1/messages', message({ text: 'one' }));
    const second = await post('/v1/messages', { topic: 'other', payload: [2] });

    const all = await call('/v1/messages');
    const ofOther = await call('/v1/messages?topic=other');
    const page = await call('/v1/messages?after=0&limit=1');
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(Object.keys(first.body).sort()).toEqual(['id', 'sequence', 'term', 'topicSequence']);
    expect(second.body).toMatchObject({ sequence: 2, topicSequence: 1 });
    expect(all.body.messages).toMatchObject([
      { sequence: 1, topicSequence: 1, origin: '1', topic: 'general', payload: { text: 'one' } },
      { sequence: 2, topicSequence: 1, origin: '1', topic: 'other', payload: [2] },
    ]);
    expect(ofOther.body.messages).toHaveLength(1);
    expect(page.body).toMatchObject({ messages: [{ sequence: 1 }], next: 1 });
  });

  it('is read as fresh as one asks: with all that is acknowledged, with so much, or with what is here', async () => {
    const { body } = await post('/v1/messages', message('fresh'));
    const shown = async (query: string) => {
      const page = await call(`/v1/messages?limit=1000${query}`);
      return (page.body.messages as { sequence: number }[]).at(-1)?.sequence;
    };

    for (const query of ['', '&consistency=linearizable', `&consistency=session&atLeast=${body.sequence}`])
      expect(await shown(query)).toBe(body.sequence);
    expect(await shown('&consistency=local')).toBeLessThanOrEqual(body.sequence as number);
  });

  it('has one effect under one key, in the body or in the header', async () => {
    const once = await post('/v1/messages', message('once', { key: 'k-1' }));
    const again = await post('/v1/messages', message('once'), { 'idempotency-key': 'k-1' });

    const { body } = await call('/v1/messages?limit=1000');
    const found = (body.messages as { payload: unknown }[]).filter(({ payload }) => payload === 'once');
    expect(again.body.sequence).toBe(once.body.sequence);
    expect(found).toHaveLength(1);
  });

  it.each([
    ['no JSON', '{"topic":', 400, 'bad-json'],
    ['an empty body', '', 400, 'bad-json'],
    ['a list', [], 400, 'bad-request'],
    ['no payload', { topic: 'general' }, 400, 'bad-request'],
    ['no topic', { payload: 1 }, 400, 'bad-request'],
    ['an empty topic', { topic: '', payload: 1 }, 400, 'bad-request'],
    ['a topic too long', { topic: 'x'.repeat(65), payload: 1 }, 400, 'bad-request'],
    ['an unknown field', message(1, { urgent: true }), 400, 'bad-request'],
    ['an empty key', message(1, { key: '' }), 400, 'bad-request'],
    ['a prototype', '{"__proto__":{"a":1},"topic":"general","payload":1}', 400, 'bad-json'],
    [
      'a payload too deep',
      `{"topic":"general","payload":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      400,
      'bad-payload',
    ],
    ['a payload over 64 KiB', message('x'.repeat(64 * 1024)), 413, 'payload-too-large'],
    ['a body over 256 KiB', message('x'.repeat(256 * 1024)), 413, 'body-too-large'],
  ] as const)('is refused with %s', async (_, body, status, code) => {
    const refused = await post('/v1/messages', body);

    expect(refused.status).toBe(status);
    expect(Object.keys(refused.body)).toEqual(['error']);
    expect(refused.body.error).toEqual({ code, message: expect.stringMatching(/./) });
  });

  it('is refused by the name of what is wrong', async () => {
    const noTopic = await post('/v1/messages', { payload: 1 });
    const noKey = await post('/v1/messages', message(1), { 'idempotency-key': 'x'.repeat(129) });
    const badResumption = await call('/v1/stream', { headers: { 'last-event-id': 'three' } });

    expect(noTopic.body.error.message).toBe('topic: is missing');
    expect(noKey.body.error.message).toMatch(/^Idempotency-Key: /);
    expect([badResumption.status, badResumption.body.error.message]).toEqual([
      400,
      'Last-Event-ID: must be a whole number',
    ]);
  });

  it('is refused as anything but JSON, and with two keys', async () => {
    const text = await call('/v1/messages', { method: 'POST', body: JSON.stringify(message(1)) });
    const keys = await post('/v1/messages', message(1, { key: 'a' }), { 'idempotency-key': 'b' });

    expect([text.status, text.body.error.code]).toEqual([415, 'unsupported-media-type']);
    expect([keys.status, keys.body.error.code]).toEqual([400, 'bad-request']);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'limit=ten',
    'after=-1',
    'after=1.5',
    'afer=1',
    'topic=',
    'consistency=sloppy',
  ])('cannot be asked for with ?%s', async (query) => {
    const refused = await call(`/v1/messages?${query}`);

    expect([refused.status, refused.body.error.code]).toEqual([400, 'bad-request']);
  });
});

describe('what there is not', () => {
  it('is 404, and 405 with the methods there are', async () => {
    const missing = await call('/v1/nothing');
    const wrong = await call('/v1/messages', { method: 'DELETE' });

    expect([missing.status, missing.body.error.code]).toEqual([404, 'not-found']);
    expect([wrong.status, wrong.body.error.code]).toEqual([405, 'method-not-allowed']);
    expect(wrong.headers.get('allow')).toBe('GET, POST');
  });

  it.each(['/:id(', '/:id(.*)', '/*/x', '/(a+)+$'])(
    'is 404 also at %s, which means something to a router',
    async (path) => {
      const missing = await call(path);

      expect([missing.status, missing.body.error.code]).toEqual([404, 'not-found']);
    },
  );

  it('is a request that is no HTTP', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => socket.end('HELLO\r\n\r\n'));
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });

    expect(answer).toMatch(/^HTTP\/1\.1 400 .*\{"error":\{"code":"bad-request"/s);
  });
});

describe('a page of a stranger', () => {
  const status = (headers: Record<string, string>, method = 'GET') =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(url);
      request({ hostname, port, path: '/v1/status', method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('is refused under another name, and when it sends', async () => {
    const port = url.split(':').at(-1);

    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: 'localhost.evil.example' })).toBe(403);
    expect(await status({ host: '192.0.2.1' })).toBe(403);
    expect(await status({ host: `localhost:${port}` })).toBe(200);
    expect(await status({ host: `[::1]:${port}` })).toBe(200);
    expect(await status({ host: `127.0.0.1:${port}`, origin: 'http://evil.example' }, 'POST')).toBe(403);
  });

  it('is not let in by any header of ours', async () => {
    const { headers } = await call('/v1/status', { headers: { origin: 'http://evil.example' } });

    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});

/** Reads events of a stream until there are `count`. */
async function eventsOf(path: string, count: number, headers: Record<string, string> = {}) {
  const closing = new AbortController();
  const response = await fetch(`${url}${path}`, { headers, signal: closing.signal });
  const events: { id: number; data: Record<string, unknown> }[] = [];
  let text = '';
  for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += new TextDecoder().decode(part);
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const id = block.match(/^id: (\d+)$/m)?.[1];
      const data = block.match(/^data: (.*)$/m)?.[1];
      if (data !== undefined) events.push({ id: Number(id), data: JSON.parse(data) });
    }
    if (events.length >= count) break;
  }
  closing.abort();
  return events.slice(0, count);
}

describe('a stream', () => {
  it('tells deliveries by their sequence, and resumes after the last one heard', async () => {
    for (const text of ['a', 'b', 'c']) await post('/v1/messages', { topic: 'stream', payload: text });

    const all = await eventsOf('/v1/stream?topic=stream', 3);
    const rest = await eventsOf('/v1/stream?topic=stream', 2, { 'last-event-id': String(all[0]?.id) });
    const after = await eventsOf('/v1/stream?topic=stream&after=2', 1);

    expect(all.map(({ data }) => data.payload)).toEqual(['a', 'b', 'c']);
    expect(all.map(({ id }) => id)).toEqual(all.map(({ data }) => data.sequence));
    expect(rest.map(({ data }) => data.payload)).toEqual(['b', 'c']);
    expect(after.map(({ data }) => data.payload)).toEqual(['c']);
  });

  it('goes on with what happens later', async () => {
    const later = eventsOf('/v1/stream?topic=later', 1);
    await post('/v1/messages', { topic: 'later', payload: 'now' });

    expect((await later)[0]?.data.payload).toBe('now');
  });

  it('tells every transition, as the trace does', async () => {
    const live = eventsOf('/v1/trace/stream', 5);
    await post('/v1/messages', message('watched'));
    const records = await live;
    const trace = await (await fetch(`${url}/v1/trace`)).text();

    const [header, ...lines] = trace
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({ v: 1, kind: 'header', source: 'peer', cluster: 'bullpen' });
    expect(Object.keys(header.machines)).toEqual(expect.arrayContaining(['election', 'sequencer']));
    expect(lines.map(({ k }) => k)).toEqual(expect.arrayContaining(['transition', 'delivery']));
    for (const { data } of records) expect(lines).toContainEqual(data);
  });

  it('takes no place for ever behind another on one connection', async () => {
    const requests = `GET /v1/stream HTTP/1.1\r\nhost: ${new URL(url).host}\r\n\r\n`.repeat(70);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(requests));
      socket.on('data', () => socket.destroy());
      socket.on('close', () => resolve());
    });

    const closing = new AbortController();
    const streams = await Promise.all(
      [1, 2, 3].map(() => fetch(`${url}/v1/stream`, { signal: closing.signal })),
    );
    closing.abort();
    expect(streams.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('cannot start anywhere', async () => {
    expect((await call('/v1/stream?after=x')).status).toBe(400);
    expect((await call('/v1/stream', { headers: { 'last-event-id': 'x' } })).status).toBe(400);
  });
});

describe('what a peer says of itself', () => {
  it('is alive, ready, and has all that the interface names', async () => {
    const [health, readiness, status] = await Promise.all([
      call('/healthz'),
      call('/readyz'),
      call('/v1/status'),
    ]);

    expect([health.status, readiness.status, status.status]).toEqual([200, 200, 200]);
    expect(status.body).toMatchObject({
      id: '1',
      pid: process.pid,
      cluster: 'bullpen',
      mode: 'safe',
      role: 'coordinator',
      coordinator: '1',
      term: { owner: '1' },
      promised: { owner: '1' },
      view: { members: [{ id: '1', role: 'voter', state: 'alive' }] },
      machines: { election: expect.stringMatching(/./) },
    });
  });

  it('lists its statecharts with their definitions', async () => {
    const machines = (await (await fetch(`${url}/v1/machines`)).json()) as {
      machine: string;
      state: string;
    }[];

    expect(machines.map(({ machine }) => machine)).toEqual(
      expect.arrayContaining(['election', 'membership']),
    );
  });

  it('is measured', async () => {
    const metrics = await until('a counted change of coordinator', 5000, async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return /bullpen_has_coordinator 1/.test(text) && text;
    });

    for (const name of ['is_coordinator', 'term', 'commit_index', 'view_number', 'coordinator_changes_total'])
      expect(metrics).toMatch(new RegExp(`^bullpen_${name} \\d+`, 'm'));
    expect(metrics).toMatch(/^bullpen_machine_state\{machine="election",state="[^"]+"\} 1$/m);
    expect(metrics).toMatch(/^bullpen_nodejs_eventloop_lag_seconds /m);
  });

  it('serves the page under a strict policy, or says that it is not built', async () => {
    const page = await fetch(`${url}/`);

    if (page.status === 200)
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    else expect(page.status).toBe(404);
  });
});

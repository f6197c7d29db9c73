import { createPeer, type Peer } from '../../actors/index.js';
import { referenceOf } from '../../apps/auction/auction-rules.js';
import { operations } from '../../apps/auction/operations.js';
import { auctions } from '../../apps/auction/replica.js';
import { sealOf } from '../../apps/auction/seal.js';
import { signed } from '../../apps/auction/signature.js';
import { type Attachments, attach } from '../../apps/node/attachments.js';
import { Configuration, peerOptionsOf } from '../../apps/node/configuration.js';
import { createLogger } from '../../apps/node/logger.js';
import { ann, bob, dee, type Person, partyOf } from './auction-people.js';

let peer: Peer;
let attached: Attachments;

beforeAll(async () => {
  const configuration = Configuration.parse({
    ...{ id: '1', bootstrap: true, preset: 'fast', logLevel: 'silent', http: '127.0.0.1:0' },
  });
  peer = await createPeer({ ...peerOptionsOf(configuration), replicas: [auctions] });
  const system = { name: 'auction', summary: '', replicas: [auctions], operations };
  attached = await attach(peer, configuration, await createLogger('silent', '1'), [system]);
  await peer.ready({ timeoutMs: 20_000 });
});
afterAll(async () => {
  await attached.close();
  await peer.stop();
});

const get = async (path: string) => {
  const response = await fetch(`http://${attached.http}/v1/${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const post = async (path: string, body: object, key?: string) => {
  const response = await fetch(`http://${attached.http}/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

interface Reference {
  readonly id: string;
  readonly reference: string;
}

async function offer(item: string): Promise<Reference> {
  const { status, body } = await post(
    'auctions',
    { item, minBid: 10, bidders: 2, auctioneer: partyOf(dee) },
    item,
  );
  expect(status).toBe(201);
  const id = String(body.id);
  return { id, reference: String((await get(`auctions/${id}`)).body.reference) };
}

const join = ({ id, reference }: Reference, who: Person) =>
  post(`auctions/${id}/join`, {
    bidder: partyOf(who),
    signature: signed({ act: 'join', auction: reference, name: who.name }, who.pair),
  });
const start = ({ id, reference }: Reference, who: Person) =>
  post(`auctions/${id}/start`, { signature: signed({ act: 'start', auction: reference }, who.pair) });
const nonce = '0f'.repeat(16);
function commit({ id, reference }: Reference, { name, pair }: Person, amount: number) {
  const seal = sealOf({ nonce, auction: reference, round: 1, name, amount });
  const signature = signed({ act: 'commit', auction: reference, name, round: 1, seal }, pair);
  return post(`auctions/${id}/bid-commitment`, { name, round: 1, seal, signature });
}
const reveal = ({ id }: Reference, { name }: Person, amount: number) =>
  post(`auctions/${id}/reveal`, { name, round: 1, amount, nonce });

describe('auctions over HTTP', () => {
  it('are offered, joined, started, bid for, revealed, won', async () => {
    const auction = await offer('a red bike');
    for (const who of [ann, bob]) expect((await join(auction, who)).status).toBe(201);
    expect((await start(auction, dee)).status).toBe(201);
    expect((await commit(auction, ann, 7351946283)).body).toMatchObject({
      id: auction.id,
      sequence: expect.any(Number),
    });

    const sealed = await get(`auctions/${auction.id}`);
    expect(sealed.body).toMatchObject({ phase: 'bidding', envelopes: [{ name: 'ann', amount: null }] });
    expect(JSON.stringify(sealed.body)).not.toContain('7351946283');
    expect((await commit(auction, ann, 7351946283)).status).toBe(201);
    await commit(auction, bob, 20);
    for (const [who, amount] of [
      [bob, 20],
      [ann, 7351946283],
    ] as const)
      expect((await reveal(auction, who, amount)).status).toBe(201);

    const { body } = await get('auctions');
    expect(body.over).toMatchObject([
      { id: auction.id, phase: 'closed', winner: { name: 'ann', total: 7351946283 }, dueAt: null },
    ]);
  });

  it('say why not, with a status and a code', async () => {
    const auction = await offer('a blue kite');
    const code = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
      `${status} ${(body.error as { code: string }).code}`;

    expect(code(await get('auctions/99'))).toBe('404 unknown-auction');
    expect(code(await get('auctions/x'))).toBe('400 bad-request');
    expect(code(await join({ id: '99', reference: '99@1' }, ann))).toBe('404 unknown-auction');
    expect(code(await join({ ...auction, reference: '1@1' }, ann))).toBe('403 bad-signature');
    expect(code(await start(auction, dee))).toBe('409 wrong-phase');
    expect(code(await commit(auction, ann, 20))).toBe('409 wrong-phase');
    await join(auction, ann);
    expect(code(await join(auction, ann))).toBe('409 already-joined');
    await join(auction, bob);
    expect(code(await start(auction, ann))).toBe('403 not-the-auctioneer');
    await start(auction, dee);
    expect(code(await commit(auction, dee, 20))).toBe('403 not-a-bidder');
    expect(code(await post('auctions', { item: 'x' }))).toBe('400 bad-request');
    expect(code(await post('auctions', { item: 'x', minBid: 0, auctioneer: partyOf(dee) }))).toBe(
      '400 bad-request',
    );
  });

  it('are created once under one key', async () => {
    const [one, again] = [await offer('once'), await offer('once')];
    expect(again).toEqual(one);
    expect(one.reference).toBe(referenceOf({ id: one.id, createdAt: Number(one.reference.split('@')[1]) }));
  });

  it('stand in the OpenAPI document', async () => {
    const { body } = await get('openapi.json');
    expect(Object.keys(body.paths as object).filter((path) => path.includes('auctions'))).toEqual([
      '/v1/auctions',
      '/v1/auctions/{id}',
      '/v1/auctions/{id}/join',
      '/v1/auctions/{id}/start',
      '/v1/auctions/{id}/bid-commitment',
      '/v1/auctions/{id}/reveal',
    ]);
  });
});

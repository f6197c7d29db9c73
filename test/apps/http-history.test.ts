import { peerWith } from './peer-with.js';

it('says 410 to whoever asks for what is not kept any more, and from where on there is something', async () => {
  const { peer, attached, close } = await peerWith({ http: '127.0.0.1:0', snapshotEvery: 20, trailing: 5 });
  for (let i = 1; i <= 60; i++) await peer.submit('general', i);
  const url = `http://${attached.http}/v1`;
  const dropped = peer.dropped();

  const gone = await fetch(`${url}/messages?after=3`);
  const stream = await fetch(`${url}/stream?after=3`);
  const resumed = await fetch(`${url}/stream`, { headers: { 'last-event-id': '3' } });
  const oldest = await fetch(`${url}/messages?limit=1`);
  const next = await fetch(`${url}/messages?after=${dropped}&limit=1`);

  expect(dropped).toBeGreaterThan(10);
  expect([gone, stream, resumed, oldest, next].map(({ status }) => status)).toEqual([
    410, 410, 410, 200, 200,
  ]);
  expect(await gone.json()).toMatchObject({
    error: { code: 'history-gone', message: expect.stringContaining(`after=${dropped}`) },
  });
  const first = { messages: [{ sequence: dropped + 1, payload: dropped + 1 }], next: dropped + 1 };
  expect(await oldest.json()).toMatchObject(first);
  expect(await next.json()).toMatchObject(first);
  await close();
});

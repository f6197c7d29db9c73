/** The cutting proxy, between real WebSockets. */
import { WebSocket, WebSocketServer } from 'ws';
import { until } from '../../support/until.js';
import type { Network } from './network.js';
import { createProxyNetwork, freePorts, portOf } from './proxy-network.js';

const PATIENCE_MS = 20_000;
const HELLO = JSON.stringify({ type: 'link.hello', from: 'ann' });

let network: Network;
let listener: WebSocketServer;
/** What bob, who listens, was told and saw end. */
let bob: End;

interface End {
  readonly heard: string[];
  isClosed: boolean;
  readonly socket: WebSocket;
}

beforeEach(async () => {
  network = await createProxyNetwork(['ann', 'bob'], await freePorts(6, process.pid));
  listener = new WebSocketServer({ host: '127.0.0.1', port: portOf(network.placeOf('bob').listen) });
  listener.on('connection', (socket) => {
    bob = follow(socket);
  });
  await new Promise((resolve) => listener.once('listening', resolve));
});

afterEach(async () => {
  for (const socket of listener.clients) socket.terminate();
  listener.close();
  await network.close();
});

function follow(socket: WebSocket): End {
  const end: End = { heard: [], isClosed: false, socket };
  socket.on('message', (text) => end.heard.push(text.toString()));
  socket.on('close', () => {
    end.isClosed = true;
  });
  socket.on('error', () => {});
  return end;
}

/** Dials bob through the proxy and says the first word; bob has heard it. */
async function dial(first = HELLO): Promise<End> {
  const ann = follow(new WebSocket(`ws://${network.placeOf('bob').advertise}`));
  await new Promise((resolve) => ann.socket.once('open', resolve));
  ann.socket.send(first);
  return ann;
}

const heard = (end: () => End, text: string) =>
  until(`${text} to be heard`, PATIENCE_MS, () => end().heard.includes(text));

describe('the proxy', () => {
  it('carries both ways, and lets an end be seen', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);
    bob.socket.send('welcome');
    await heard(() => ann, 'welcome');

    ann.socket.close();

    await until('bob to see it closed', PATIENCE_MS, () => bob.isClosed);
  });

  it('holds what is said in a direction that is cut, and only there, until it is mended', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);
    await network.cut('ann', 'bob');
    ann.socket.send('first');
    ann.socket.send('second');
    bob.socket.send('still here');
    await heard(() => ann, 'still here');
    const meanwhile = [...bob.heard];

    await network.mend('ann', 'bob');
    await heard(() => bob, 'second');

    expect(meanwhile).toEqual([HELLO]);
    expect(bob.heard).toEqual([HELLO, 'first', 'second']);
  });

  it('knows who dials only from the hello, and holds that when the way is cut already', async () => {
    await network.cut('bob', 'ann');
    const ann = await dial();
    await heard(() => bob, HELLO);
    bob.socket.send('welcome');
    ann.socket.send('are you there?');
    await heard(() => bob, 'are you there?');
    const meanwhile = [...ann.heard];

    await network.mendAll();
    await heard(() => ann, 'welcome');

    expect(meanwhile).toEqual([]);
  });

  it('does not let a cut side see that the other one is gone', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);
    await network.cut('bob', 'ann');
    bob.socket.terminate();
    // Ann's own direction still works, so she has had her chance to hear of it.
    ann.socket.send('hello?');
    await until('bob to be gone', PATIENCE_MS, () => bob.isClosed);
    const wasClosed = ann.isClosed;

    await network.mend('bob', 'ann');
    await until('ann to see it closed', PATIENCE_MS, () => ann.isClosed);

    expect(wasClosed).toBe(false);
  });

  it('keeps the order of what it slows', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);
    network.delay?.('ann', 'bob', 40);
    const words = Array.from({ length: 50 }, (_, i) => `word ${i}`);
    for (const word of words) ann.socket.send(word);

    await heard(() => bob, 'word 49');

    expect(bob.heard).toEqual([HELLO, ...words]);
  });

  it('breaks connections off at both ends', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);

    network.reset?.('bob', 'ann');

    await until('both to see it closed', PATIENCE_MS, () => ann.isClosed && bob.isClosed);
  });

  it('hangs up on a stranger, whose way nobody could cut', async () => {
    const stranger = await dial('anybody home?');

    await until('the stranger to be gone', PATIENCE_MS, () => stranger.isClosed);

    expect(bob.heard).toEqual([]);
  });

  it('carries a large frame whole', async () => {
    const ann = await dial();
    await heard(() => bob, HELLO);
    const large = 'x'.repeat(3_000_000);

    ann.socket.send(large);

    await heard(() => bob, large);
  });
});

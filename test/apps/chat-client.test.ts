import { PassThrough } from 'node:stream';
import {
  type Client,
  createClient,
  createPeer,
  type Peer,
  type PeerOptionsInput,
} from '../../actors/index.js';
import { clientSeat } from '../../apps/chat/client-seat.js';
import { runChat } from '../../apps/chat/program.js';
import { speakerOf } from '../../apps/chat/words.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 60_000;

const running = new Set<Pick<Peer, 'stop'>>();
afterEach(async () => {
  await Promise.all([...running].map((one) => one.stop()));
  running.clear();
});

async function start(id: string, options: Partial<PeerOptionsInput> = {}): Promise<Peer> {
  const calm = {
    ...{ answerTimeoutMs: 300, coordinatorTimeoutMs: 1500, verifyTimeoutMs: 300, suspectTimeoutMs: 2500 },
    ...{ stickinessMs: 2000, collectTimeoutMs: 2500, handoverTimeoutMs: 2000 },
  };
  const peer = await createPeer({ id, preset: 'fast', ...calm, ...options });
  running.add(peer);
  return peer;
}

function clientOf(...peers: readonly Peer[]): Client {
  const client = createClient({ seeds: peers.map(({ address }) => address) });
  running.add(client);
  return client;
}

/** A user at a client, in plain lines. */
async function talkAt(client: Client, name: string | null, json = false) {
  await until('the client to be attached', PATIENCE_MS, () => client.status().coordinator !== null);
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (more) => {
    text += more;
  });
  const io = { stdin, stdout, stderr: stdout } as unknown as Parameters<typeof runChat>[2];
  const seat = await clientSeat(client, { cluster: 'bullpen', name });
  const ended = runChat(seat, { plain: true, json }, io);
  const lines = () => text.split('\n').slice(0, -1);
  return {
    type: (...typed: readonly string[]) => void stdin.write(typed.map((line) => `${line}\n`).join('')),
    hangUp: () => void stdin.end(),
    lines,
    spoken: () => lines().filter((line) => /^\[seq=/.test(line)),
    sees: (pattern: RegExp) =>
      until(`a line like ${pattern} in:\n${text}`, PATIENCE_MS, () =>
        lines().find((line) => pattern.test(line)),
      ),
    ended,
  };
}

describe('a chat at a client', () => {
  it('shows what was said before, says its own lines, and answers what a client can', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    await peer.submit('general', { text: 'before' });
    await peer.submit('ops', { text: 'elsewhere' });
    const chat = await talkAt(clientOf(peer), 'ann');

    chat.type('/rooms', 'hello', '/leader');
    await chat.sees(/<~ann>: hello$/);
    chat.type('/join ops', '/history 1', '/status');
    chat.hangUp();

    expect(await chat.ended).toBe(0);
    expect(chat.lines()).toEqual(
      expect.arrayContaining([
        '* attached to peer 1',
        '* coordinator is 1',
        '[seq=1] <1>: before',
        '* general: 1 line (you are here)',
        '* ops: 1 line',
        '[seq=3] <~ann>: hello',
        '#1 [seq=2] <1>: elsewhere',
        '* attached to peer 1, coordinator 1',
        '* this client has ended; the cluster goes on',
      ]),
    );
    expect(peer.status().view.members.map(({ id }) => id)).toEqual(['1']);
  });

  it('refuses in one line what only a member can do, and does not offer it', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = await talkAt(clientOf(peer), null);

    chat.type('/who', '/transfer 1', '/help');
    chat.hangUp();

    expect(await chat.ended).toBe(0);
    const answers = chat.lines().filter((line) => /^\* \//.test(line));
    expect(answers.slice(0, 2)).toEqual([
      '* /who: a client is told of no members: ask at a peer, or bullpen cluster members --http URL',
      '* /transfer: only members may ask for that: at a peer, or bullpen cluster transfer ID --http URL',
    ]);
    expect(answers.slice(2).map((line) => line.split(' ')[1])).toEqual([
      '/status',
      '/leader',
      '/rooms',
      '/join',
      '/history',
      '/help',
      '/quit',
    ]);
  });

  it('goes on at another peer when its own has gone, with every line once', async () => {
    // Whoever founds it leads, so the client's peer is the coordinator as well.
    const first = await start('1', { bootstrap: true, takeover: 'never' });
    await first.ready();
    const more = { seeds: [first.address], takeover: 'never' as const };
    const others = await Promise.all(['2', '3'].map((id) => start(id, more)));
    await until('three voters', PATIENCE_MS, () => {
      const voters = first.status().view.members.filter(({ role }) => role === 'voter');
      return voters.length === 3 && others.every((peer) => peer.status().ready);
    });
    const chat = await talkAt(clientOf(first, ...others), 'ann');
    chat.type('one');
    await chat.sees(/^\[seq=1\] <~ann>: one$/);

    await first.stop();
    chat.type('two', 'three');
    await chat.sees(/^\* attached to peer [23]$/);
    await chat.sees(/^\[seq=3\]/);
    await others[0]?.submit('general', { text: 'from two' });
    await chat.sees(/^\[seq=4\] <2>: from two$/);
    chat.type('/quit');

    expect(await chat.ended).toBe(0);
    expect(chat.spoken()).toEqual([
      '[seq=1] <~ann>: one',
      '[seq=2] <~ann>: two',
      '[seq=3] <~ann>: three',
      '[seq=4] <2>: from two',
    ]);
  }, 180_000);

  it('says that a line waits while there is nobody to number it', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = await talkAt(clientOf(peer), null);

    await peer.stop();
    chat.type('into the dark');
    await chat.sees(/^\* pending: into the dark$/);
    chat.type('/quit');

    expect(await chat.ended).toBe(0);
    expect(chat.lines()).toContain(
      '* outcome-unknown: 1 line was not delivered here; it may still reach the others',
    );
  }, 180_000);
});

describe('who said it', () => {
  it.each([
    ['a peer, by its id', '3', { text: 'x', name: 'someone' }, '3'],
    ['a client, by its name behind a sign no peer has', '~abcdefgh', { text: 'x', name: '3' }, '~3'],
    ['a client without a name, by the beginning of its id', '~abcdefgh', { text: 'x' }, '~abcd'],
    ['a client with a name that no peer could have', '~abcdefgh', { text: 'x', name: '\u001b[2J' }, '~abcd'],
    ['a client that says something else', '~abcdefgh', 5, '~abcd'],
  ])('is %s', (_, origin, payload, shown) => {
    expect(speakerOf({ origin, payload })).toBe(shown);
  });
});

import { PassThrough } from 'node:stream';
import { createPeer, type Peer, type PeerOptionsInput } from '../../actors/index.js';
import { peerSeat } from '../../apps/chat/peer-seat.js';
import { runChat } from '../../apps/chat/program.js';
import { runTerminal } from '../../apps/chat/terminal.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 60_000;

const peers = new Set<Peer>();
afterEach(async () => {
  await Promise.all([...peers].map((peer) => peer.stop()));
  peers.clear();
});

/** A real peer on the loopback, with time to spare: the machine may be busy. */
async function start(id: string, options: Partial<PeerOptionsInput> = {}): Promise<Peer> {
  const calm = {
    ...{ answerTimeoutMs: 300, coordinatorTimeoutMs: 1500, verifyTimeoutMs: 300, suspectTimeoutMs: 2500 },
    ...{ stickinessMs: 2000, collectTimeoutMs: 2500, handoverTimeoutMs: 2000 },
  };
  const peer = await createPeer({ id, preset: 'fast', ...calm, ...options });
  peers.add(peer);
  return peer;
}

interface Chat {
  type(...lines: readonly string[]): void;
  /** The pipe it reads from ends. */
  hangUp(): void;
  lines(): readonly string[];
  sees(pattern: RegExp): Promise<string>;
  readonly ended: Promise<number>;
}

const matching = (lines: readonly string[], pattern: RegExp) => lines.filter((line) => pattern.test(line));

function chatOf(peer: Peer, settings: { readonly json?: boolean; readonly room?: string } = {}): Chat {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let text = '';
  stdout.on('data', (more) => {
    text += more;
  });
  const io = { stdin, stdout, stderr: stdout } as unknown as Parameters<typeof runChat>[2];
  const ended = runChat(
    peerSeat(peer),
    { plain: true, json: settings.json === true, room: settings.room },
    io,
  );
  const lines = () => text.split('\n').slice(0, -1);
  return {
    type: (...typed) => void stdin.write(typed.map((line) => `${line}\n`).join('')),
    hangUp: () => void stdin.end(),
    lines,
    sees: (pattern) =>
      until(`a line like ${pattern} in:\n${text}`, PATIENCE_MS, () => matching(lines(), pattern)[0]),
    ended,
  };
}

describe('a chat in plain lines', () => {
  it('delivers what a pipe says, answers its commands, then leaves with 0', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = chatOf(peer);

    chat.type('hello', '//slash', '/leader', '/hsitory');
    chat.hangUp();

    expect(await chat.ended).toBe(0);
    expect(chat.lines()).toEqual(
      expect.arrayContaining([
        '* coordinator is 1 (term 1)',
        '[seq=1] <1>: hello',
        '[seq=2] <1>: /slash',
        '* there is no /hsitory: did you mean /history?',
      ]),
    );
    expect(chat.lines().slice(-2)).toEqual([
      '* leaving… (Ctrl-C again to stop at once)',
      '* left the cluster',
    ]);
    expect(peer.status().role).toBe('stopped');
  });

  it('says a long pipe whole and in order, however little may wait', async () => {
    const peer = await start('1', { bootstrap: true, pendingMax: 300 });
    await peer.ready();
    const chat = chatOf(peer);
    const said = Array.from({ length: 1000 }, (_, place) => `line ${place}`);

    chat.type(...said);
    chat.hangUp();

    expect(await chat.ended).toBe(0);
    expect(matching(chat.lines(), /^\[seq=/)).toEqual(
      said.map((text, place) => `[seq=${place + 1}] <1>: ${text}`),
    );
  });

  it('says which line was refused, and its pipe ends with the code of that', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = chatOf(peer);

    chat.type('x'.repeat(70_000), 'short');
    chat.hangUp();

    expect(await chat.ended).toBe(64);
    expect(matching(chat.lines(), /^\* not sent, payload .*: x{60}…$/)).toHaveLength(1);
    expect(matching(chat.lines(), /<1>: short$/)).toHaveLength(1);
  });

  it('shows the past of its room first, and what else was delivered there', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    await peer.submit('general', { text: 'before\u001b[2J' });
    await peer.submit('ops', { text: 'elsewhere' });
    const chat = chatOf(peer);

    await peer.submit('general', { from: 'a program' });
    await chat.sees(/^\[seq=3\]/);
    chat.type('/join ops', '/history 1', '/quit');

    expect(await chat.ended).toBe(0);
    expect(matching(chat.lines(), /seq=|room/)).toEqual([
      '[seq=1] <1>: before',
      '[seq=3] <1>: {"from":"a program"}',
      '* room ops: 1 line',
      '#1 [seq=2] <1>: elsewhere',
      '#1 [seq=2] <1>: elsewhere',
    ]);
  });

  it('is one object per event of every room, for programs', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = chatOf(peer, { json: true, room: 'ops' });

    await peer.submit('general', { text: 'elsewhere' });
    chat.type('here', '/status');
    chat.hangUp();

    expect(await chat.ended).toBe(0);
    const events = chat.lines().map((line): Record<string, unknown> => JSON.parse(line));
    expect(events.filter(({ event }) => event === 'delivery')).toMatchObject([
      { room: 'general', sequence: 1, text: 'elsewhere' },
      { room: 'ops', sequence: 2, topicSequence: 1, origin: '1', text: 'here', payload: { text: 'here' } },
    ]);
    expect(events.find(({ event }) => event === 'answer')).toMatchObject({
      command: 'status',
      detail: { id: '1', role: 'coordinator', lag: expect.any(Number) },
    });
    expect(events.at(-1)).toEqual({ event: 'left', detail: 'left the cluster' });
  });

  it('of a peer without a cluster ends when it is told to', async () => {
    const chat = chatOf(await start('1'));

    await chat.sees(/^\* waiting for a coordinator$/);
    chat.type('/quit');

    expect(await chat.ended).toBe(0);
    expect(chat.lines().at(-1)).toBe('* stopped; it had not joined a cluster');
  });
});

describe('a chat whose peer cannot go on', () => {
  it('ends with the reason, before it has listened or after', async () => {
    const namesake = await start('1', { bootstrap: true });
    await namesake.ready();
    const early = chatOf(await start('1', { seeds: [namesake.address] }));
    const late = await start('1', { seeds: [namesake.address] });
    const stopped = new Promise((resolve) => late.on('stopped', resolve));

    await expect(early.ended).rejects.toMatchObject({ code: 'duplicate-id' });
    await stopped;
    await expect(chatOf(late).ended).rejects.toMatchObject({ code: 'duplicate-id' });
  });

  it('ends with 0 when somebody else has let it leave', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const chat = chatOf(peer);

    await peer.leave();

    expect(await chat.ended).toBe(0);
    expect(chat.lines().at(-1)).toMatch(/^\* this peer has (left the cluster|stopped)$/);
  });
});

describe('three chats', () => {
  it('see one order, and a line typed while the coordinator is gone arrives once', async () => {
    const first = await start('1', { bootstrap: true });
    await first.ready();
    const others = await Promise.all(['2', '3'].map((id) => start(id, { seeds: [first.address] })));
    await Promise.all(others.map((peer) => peer.ready()));
    const all = [first, ...others];
    // The highest takes over in the end; from then on nobody does.
    await until('three members, led by the highest', PATIENCE_MS, () => {
      const voters = first.status().view.members.filter(({ role }) => role === 'voter');
      return voters.length === 3 && all.every((peer) => peer.status().coordinator === '3');
    });
    const chats = new Map(all.map((peer) => [peer.id, chatOf(peer)]));
    const [one, two, three] = ['1', '2', '3'].map((id) => chats.get(id)) as [Chat, Chat, Chat];
    one.type('from one');
    two.type('from two');
    three.type('from three');
    await Promise.all([one, two, three].map((chat) => chat.sees(/^\[seq=3\]/)));

    one.type('/transfer 9', '/transfer 2');
    await one.sees(/^\* not handed over: 9: is no member of the cluster$/);
    await one.sees(/^\* handed over: 2 coordinates \(term \d+\)$/);
    await three.sees(/^\* coordinator is 2 \(term \d+\)$/);
    two.type('/transfer 3');
    await two.sees(/^\* handed over: 3 coordinates \(term \d+\)$/);

    await all.find((peer) => peer.id === '3')?.stop();
    one.type('meanwhile');
    two.type('me too');
    await Promise.all([one, two].map((chat) => chat.sees(/^\[seq=5\]/)));
    await Promise.all([one, two].map((chat) => chat.sees(/^\* coordinator is 2 \(term \d+\)$/)));

    const order = matching(one.lines(), /^\[seq=/);
    expect(matching(two.lines(), /^\[seq=/)).toEqual(order);
    expect(order.map((line) => line.replace(/^\[seq=\d+\] /, '')).sort()).toEqual([
      '<1>: from one',
      '<1>: meanwhile',
      '<2>: from two',
      '<2>: me too',
      '<3>: from three',
    ]);
    expect(matching(three.lines(), /^\[seq=/)).toEqual(order.slice(0, 3));
    expect(await three.ended).toBe(0);
  }, 180_000);
});

/** A terminal of 80 by 24 that remembers all that was written to it. */
function terminal() {
  const stdout = Object.assign(new PassThrough(), { columns: 80, rows: 24, isTTY: true });
  let written = '';
  stdout.on('data', (more) => {
    written += more;
  });
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  return { stdin, stdout, stderr: stdout, raw, written: () => written };
}

describe('a chat on a terminal', () => {
  it('is typed into, shows what was delivered, and gives the terminal back', async () => {
    const peer = await start('1', { bootstrap: true });
    await peer.ready();
    const screen = terminal();
    const io = screen as unknown as Parameters<typeof runTerminal>[2];

    const ended = runTerminal(peerSeat(peer), {}, io);
    screen.stdin.write('helo\u001b[D');
    screen.stdin.write('l\r');
    screen.stdin.write('\u001b[200~two\rlines\u001b[201~\r');
    await until('both lines', PATIENCE_MS, () => screen.written().includes('[seq=2] <1>: two ↵ lines'));
    screen.stdin.write('\u0004');

    expect(await ended).toBe(0);
    expect(screen.written()).toContain('[seq=1] <1>: hello');
    expect(screen.written()).toContain('left the cluster');
    expect(screen.raw).toEqual([true, false]);
    expect(screen.written().lastIndexOf('\u001b[?2004l')).toBeGreaterThan(
      screen.written().indexOf('\u001b[?2004h'),
    );
  });
});

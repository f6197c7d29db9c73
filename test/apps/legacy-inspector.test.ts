import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { stateText } from '../../apps/classroom/charts/active-states.js';
import { serveLegacyInspector } from '../../apps/node/legacy-inspector.js';
import { createLogger } from '../../apps/node/logger.js';
import { until } from '../support/until.js';
import { type AttendedPeer, peerWith } from './peer-with.js';

/** What the viewer of `@xstate/inspect` tells of a frame it has read. */
interface Read {
  readonly type: string;
  readonly sessionId: string;
  readonly id?: string;
  readonly parent?: string;
  readonly value?: unknown;
  readonly message?: string;
  readonly heard: number;
  readonly read: number;
}

const PATIENCE_MS = 40_000;

const addressOf = ({ attached }: AttendedPeer): string =>
  attached.inspectors.join(' ').match(/connect to ws:\/\/([^;\s]+)/)?.[1] ?? '';

const votersIn = ({ peer }: AttendedPeer): number =>
  peer.status().view.members.filter(({ role }) => role === 'voter').length;

/** The real receiver, with an XState 4 of its own, in a process of its own. */
function startViewer(address: string): {
  readonly child: ChildProcess;
  readonly lines: () => readonly Read[];
} {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../legacy-viewer/viewer.mjs'), address]);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  return {
    child,
    lines: () =>
      said
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Read),
  };
}

describe('the viewer of @xstate/inspect', () => {
  const open: AttendedPeer[] = [];
  const viewers: ChildProcess[] = [];
  const attend = async (options: Parameters<typeof peerWith>[0]) => {
    const attended = await peerWith(options);
    open.push(attended);
    return attended;
  };
  const view = (attended: AttendedPeer) => {
    const viewer = startViewer(addressOf(attended));
    viewers.push(viewer.child);
    return viewer;
  };
  afterEach(async () => {
    for (const child of viewers.splice(0)) child.kill('SIGKILL');
    for (const attended of open.splice(0).reverse()) await attended.close();
  });

  it('reads every actor and every frame of a peer through an election, without a complaint', async () => {
    // Of the highest rank, so that it stays in office until it is stopped; the others wait long, for the machine may be busy.
    const chief = await attend({ id: '9', preset: 'lan' });
    const seeds = [chief.peer.address];
    await attend({ id: '1', preset: 'lan', bootstrap: false, seeds });
    const two = await attend({ id: '2', preset: 'lan', bootstrap: false, seeds, inspectLegacy: true });
    await until('three voters', PATIENCE_MS, () => votersIn(two) === 3);
    const viewer = view(two);
    await until('all actors of peer 2', PATIENCE_MS, () => {
      const registered = new Set(viewer.lines().map(({ id }) => id));
      return two.peer.machines().every(({ actor }) => registered.has(actor));
    });

    await chief.peer.stop();

    await until('the viewer to see peer 2 coordinate', PATIENCE_MS, () =>
      viewer
        .lines()
        .some(({ sessionId, value }) => sessionId === '2/election' && /^coordinating/.test(stateText(value))),
    );
    const lines = viewer.lines();
    expect(lines.filter(({ type }) => type === 'complaint')).toEqual([]);
    const last = lines.at(-1);
    expect(last?.read).toBe(last?.heard);
    expect(lines.every(({ sessionId }) => sessionId.startsWith('2/'))).toBe(true);
    const registrations = lines.filter(({ type }) => type === 'service.register');
    const ids = new Set(registrations.map(({ sessionId }) => sessionId));
    expect(registrations.filter(({ parent }) => parent !== undefined && !ids.has(parent))).toEqual([]);
    expect(lines.some(({ type, sessionId }) => type === 'service.event' && sessionId === '2/election')).toBe(
      true,
    );
  });

  it('is told nothing before it has spoken, and cannot send anything to an actor', async () => {
    const { peer, ...attended } = await attend({ inspectLegacy: true });
    const socket = new WebSocket(`ws://${addressOf({ peer, ...attended })}`);
    const frames: string[] = [];
    socket.on('message', (data) => frames.push(String(data)));
    await new Promise((resolve) => socket.on('open', resolve));

    socket.send('no JSON');
    socket.send(JSON.stringify({ type: 'xstate.event', service: '1/peer', event: '{"name":"peer.stop"}' }));
    await peer.submit('general', 'meanwhile');
    expect(frames).toEqual([]);
    socket.send(JSON.stringify({ type: 'xstate.inspecting' }));
    await until('the registrations', PATIENCE_MS, () => frames.length > 3);

    socket.terminate();
    expect(peer.status().ready).toBe(true);
  });

  it('does not listen to the page of a stranger', async () => {
    const attended = await attend({ inspectLegacy: true });

    const refused = await new Promise((resolve) => {
      const socket = new WebSocket(`ws://${addressOf(attended)}`, { origin: 'http://evil.example' });
      socket.on('error', (problem) => resolve(problem.message));
    });

    expect(refused).toMatch(/401/);
  });

  it('is refused in one line when the port is in use', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const address = busy.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const { peer } = await attend({});
    const log = await createLogger('silent', '1');

    const failure = await serveLegacyInspector(peer, port, log).catch((problem) => problem);

    busy.close();
    expect(failure).toMatchObject({
      exitCode: 75,
      lines: [`--inspect-legacy: port ${port} is in use; choose another, or none`],
    });
  });
});

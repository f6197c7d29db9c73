import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { createInspection } from '../../apps/classroom/charts/inspection.js';
import { until } from '../support/until.js';
import { type AttendedPeer, peerWith } from './peer-with.js';

interface Frame {
  readonly type: string;
  readonly sessionId: string;
  readonly rootId: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly definition?: string;
  readonly snapshot?: { readonly status: string; readonly value: unknown };
  readonly event?: { readonly type: string };
}

const PATIENCE_MS = 10_000;

/** Connects as an inspector does: it only listens. */
function watch(attended: AttendedPeer): { readonly frames: Frame[]; close(): void } {
  const url = attended.attached.inspectors[0]?.match(/ws:\/\/[^;\s]+/)?.[0];
  const socket = new WebSocket(url ?? '');
  const frames: Frame[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  return { frames, close: () => socket.terminate() };
}

const actorsIn = (frames: readonly Frame[]) => frames.filter(({ type }) => type === '@xstate.actor');
const nameOf = ({ name }: Frame) => name;

describe('the Stately inspector', () => {
  let attended: AttendedPeer;
  afterEach(() => attended.close());

  it('sees every actor of the peer, with its chart, its parent and its transitions', async () => {
    attended = await peerWith({ inspect: true });
    const viewer = watch(attended);
    await until('the registrations', PATIENCE_MS, () => actorsIn(viewer.frames).length > 3);
    await attended.peer.submit('general', 'hello');
    await until('a transition of the sequencer', PATIENCE_MS, () =>
      viewer.frames.some(({ type, sessionId }) => type === '@xstate.snapshot' && sessionId === '1/sequencer'),
    );
    viewer.close();

    const actors = actorsIn(viewer.frames);
    expect(actors.map(nameOf)).toEqual(
      expect.arrayContaining(['peer', 'election', 'membership', 'sequencer']),
    );
    const [root] = actors;
    for (const actor of actors.slice(1)) {
      expect(actor.sessionId).toMatch(/^1\//);
      expect(actor.rootId).toBe(root?.sessionId);
      expect(actors.map(({ sessionId }) => sessionId)).toContain(actor.parentId);
    }
    const election = actors.find(({ name }) => name === 'election');
    expect(Object.keys(JSON.parse(election?.definition ?? '{}').states)).toContain('coordinating');
    expect(election?.snapshot).toMatchObject({ status: 'active' });
    expect(viewer.frames.map(({ type }) => type)).toContain('@xstate.event');
  });

  it('sees a detector for each member, and shows a late viewer the same actors', async () => {
    attended = await peerWith({ inspect: true });
    const second = await peerWith({ id: '2', bootstrap: false, seeds: [attended.peer.address] });
    const early = watch(attended);
    await until('a detector for peer 2', PATIENCE_MS, () => actorsIn(early.frames).some(isDetector));
    const late = watch(attended);
    await until('the same for the late one', PATIENCE_MS, () => actorsIn(late.frames).some(isDetector));
    const names = (frames: readonly Frame[]) => new Set(actorsIn(frames).map(nameOf));

    expect(names(late.frames)).toEqual(names(early.frames));
    early.close();
    late.close();
    await second.close();
  });

  it('is fed by a peer that is given its address, and again after it was away', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const sockets = new WebSocketServer({ server });
    const frames: Frame[][] = [];
    sockets.on('connection', (socket) => {
      const heard: Frame[] = [];
      frames.push(heard);
      socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    });

    attended = await peerWith({ inspect: `ws://127.0.0.1:${port}` });
    await until('the actors', PATIENCE_MS, () =>
      actorsIn(frames[0] ?? []).some(({ name }) => name === 'election'),
    );
    for (const socket of sockets.clients) socket.terminate();
    await until('the actors again', PATIENCE_MS, () =>
      actorsIn(frames[1] ?? []).some(({ name }) => name === 'election'),
    );

    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
    await new Promise((resolve) => server.close(resolve));
    expect(frames.length).toBeGreaterThan(1);
  });

  it('shows several peers in one, when one of them serves', async () => {
    attended = await peerWith({ inspect: true });
    const url = attended.attached.inspectors[0]?.match(/ws:\/\/[^;\s]+/)?.[0];
    const second = await peerWith({ id: '2', bootstrap: true, cluster: 'other', inspect: url ?? '' });
    const viewer = watch(attended);

    await until('both peers', PATIENCE_MS, () => {
      const sessions = actorsIn(viewer.frames).map(({ sessionId }) => sessionId);
      return sessions.includes('1/election') && sessions.includes('2/election');
    });

    viewer.close();
    await second.close();
  });

  it('shows five peers in one stream, none of whose actors is taken for another', async () => {
    attended = await peerWith({ inspect: true });
    const url = attended.attached.inspectors[0]?.match(/ws:\/\/[^;\s]+/)?.[0] ?? '';
    const seeds = [attended.peer.address];
    const others: AttendedPeer[] = [];
    for (const id of ['2', '3', '4', '5'])
      others.push(await peerWith({ id, bootstrap: false, seeds, inspect: url }));
    const viewer = watch(attended);
    const ids = ['1', '2', '3', '4', '5'];
    await until('the actors of five peers', PATIENCE_MS * 4, () => {
      const sessions = new Set(actorsIn(viewer.frames).map(({ sessionId }) => sessionId));
      return ids.every((id) => sessions.has(`${id}/election`) && sessions.has(`${id}/peer`));
    });
    viewer.close();
    for (const other of others) await other.close();

    const inspection = createInspection();
    const registered = new Map<string, string>();
    for (const frame of viewer.frames) {
      expect(inspection.keep(frame)).toBe(true);
      if (frame.type !== '@xstate.actor') continue;
      const known = registered.get(frame.sessionId);
      expect(known ?? frame.name).toBe(frame.name);
      registered.set(frame.sessionId, frame.name ?? '');
      expect(frame.sessionId.split('/')[0]).toBe(frame.rootId.split('/')[0]);
    }
    const roots = inspection.actors().filter(({ parent }) => parent === null);
    expect(roots.map(({ session }) => session).sort()).toEqual(ids.map((id) => `${id}/peer`));
    expect(inspection.actors()).toHaveLength(registered.size);
  });

  it('is offered a page, to this machine only', async () => {
    attended = await peerWith({ inspect: true });
    const where = attended.attached.inspectors[0]?.match(/http:\/\/\S+/)?.[0] ?? '';

    const page = await (await fetch(where)).text();
    const refused = await new Promise((resolve) => {
      const socket = new WebSocket(where.replace('http', 'ws'), { origin: 'http://evil.example' });
      socket.on('error', (problem) => resolve(problem.message));
    });

    expect(page).toMatch(/stately\.ai\/inspect/);
    expect(page).toMatch(/@statelyai\.connected/);
    expect(refused).toMatch(/401/);
  });
});

function isDetector({ name = '' }: Frame): boolean {
  return /^failure-?[dD]etector.*2$/.test(name);
}

import { WebSocket } from 'ws';
import { PATIENCE_MS, type RunningPeer, startPeer } from './bullpen.js';

/** Sends `frames` as a stranger would; resolves when the peer has hung up. */
function hurl(peer: RunningPeer, frames: readonly (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${peer.listen}`);
    const late = setTimeout(() => {
      socket.terminate();
      reject(new Error('the peer did not hang up'));
    }, PATIENCE_MS);
    socket.on('open', () => {
      for (const frame of frames) socket.send(frame);
    });
    // What was sent may meet a socket that is closed already.
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(late);
      resolve('hung up');
    });
  });
}

describe('a stranger on the port of a peer', () => {
  it.each([
    ['a frame that is not JSON', ['who is there?']],
    ['a frame over the limit', [JSON.stringify(['x'.repeat(2 * 1024 * 1024)])]],
    ['a frame of another shape', [JSON.stringify({ type: 'link.hello', from: '9' })]],
    ['a message before the greeting', [JSON.stringify([{ type: 'election.start', from: '9', round: 1 }])]],
    ['bytes instead of text', [new Uint8Array([0, 1, 2, 255])]],
  ])(
    'is hung up on after %s, and the peer goes on',
    async (_, frames) => {
      const peer = await startPeer({ id: '1', bootstrap: true });

      expect(await hurl(peer, frames)).toBe('hung up');

      const said = await peer.say('still here');
      expect(said).toMatchObject({ status: 201, body: { sequence: 1 } });
      expect((await peer.status()).view.members.map(({ id }) => id)).toEqual(['1']);
      expect(peer.child.exitCode).toBeNull();
    },
    60_000,
  );
});

/** Objects crowded with keys: what a payload can hold is taken, and more is refused before each key is looked at. */
import { decodeFrame, encodePayload } from '../../transport/codec.js';
import { LIMITS } from '../../transport/protocol.js';

const crowd = (keys: number) => Array.from({ length: keys }, (_, i) => `"${i.toString(36)}":1`).join(',');

describe('an object of very many keys', () => {
  it('is a payload as long as there is room for it in one', () => {
    const payload: unknown = JSON.parse(`{${crowd(8000)}}`);

    expect(JSON.stringify(payload).length).toBeGreaterThan(LIMITS.payloadBytesMax - 5000);
    expect(encodePayload(payload)).toMatchObject({ ok: true });
  });

  it('is refused in a message, whatever is wrong with it besides', () => {
    const message = `{"type":"election.start","from":"1","round":1,${crowd(40_000)}}`;

    expect(decodeFrame(`{"counter":1,"messages":[${message}]}`)).toEqual({
      ok: false,
      code: 'too-large',
      detail: 'an object of more than 16384 keys',
    });
  });
});

/** What peers carry for applications: as it was, and never more than can be passed on. */
import fc from 'fast-check';
import { decodeFrame, encode, encodePayload, frameOf } from '../../transport/codec.js';
import { LIMITS } from '../../transport/protocol.js';
import { alone, appending, broadcasting, nested, submitting } from '../support/carriers.js';
import { payload } from '../support/messages.js';

const faultOf = (text: string) => {
  const frame = decodeFrame(text);
  return frame.ok ? 'taken' : frame.code;
};

describe('a payload', () => {
  it('is what others will see of it', () => {
    expect(encodePayload({ at: new Date(0), gone: undefined, ratio: Number.NaN })).toEqual({
      ok: true,
      payload: { at: '1970-01-01T00:00:00.000Z', ratio: null },
      bytes: '{"at":"1970-01-01T00:00:00.000Z","ratio":null}'.length,
    });
  });

  it('passes in every frame once it is taken', () => {
    fc.assert(
      fc.property(payload, (content) => {
        expect(encodePayload(content)).toMatchObject({ ok: true, payload: content });
        expect(faultOf(frameOf(1, [encode(appending(content))]))).toBe('taken');
      }),
    );
  });

  it('is refused when it cannot be encoded, or no peer would take it', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const codeOf = (content: unknown) => {
      const encoded = encodePayload(content);
      return encoded.ok ? 'taken' : encoded.code;
    };

    const deceiver = new Proxy({}, { ownKeys: () => ['a', 'a'] });

    expect([undefined, () => {}, circle, 1n, deceiver].map(codeOf)).toEqual([
      'not-json',
      'not-json',
      'not-json',
      'not-json',
      'not-json',
    ]);
    expect(codeOf('x'.repeat(LIMITS.payloadBytesMax - 2))).toBe('taken');
    expect(codeOf('x'.repeat(LIMITS.payloadBytesMax - 1))).toBe('too-large');
    expect([codeOf(nested(LIMITS.payloadDepthMax)), codeOf(nested(LIMITS.payloadDepthMax + 1))]).toEqual([
      'taken',
      'too-deep',
    ]);
    expect(codeOf({ constructor: 'x' })).toBe('forbidden-key');
    expect(codeOf({ at: { toJSON: () => 'short', inside: nested(20) } })).toBe('taken');
    expect(codeOf(new Array(2 ** 31))).toBe('too-large');
    expect(codeOf([circle, circle, { circle }])).toBe('not-json');
  });

  // Found by fuzzing: an entry is deeper than a submission, so that no follower could take what a coordinator had taken.
  it('is refused where it could not be passed on in an entry, whatever message carries it', () => {
    const textOf = (bytes: number) => 'x'.repeat(bytes - 2);
    for (const carrying of [submitting, alone, broadcasting, appending]) {
      const taken = (content: unknown) => faultOf(frameOf(1, [encode(carrying(content))]));

      expect(taken(nested(LIMITS.payloadDepthMax))).toBe('taken');
      for (const more of [1, 2, 3]) expect(taken(nested(LIMITS.payloadDepthMax + more))).toBe('too-deep');
      expect(taken(textOf(LIMITS.payloadBytesMax))).toBe('taken');
      expect(taken(textOf(LIMITS.payloadBytesMax + 1))).toBe('too-large');
      expect(taken(['ü'.repeat(LIMITS.payloadBytesMax / 2)])).toBe('too-large');
      expect(taken('\u0001'.repeat(LIMITS.payloadBytesMax / 6 + 1))).toBe('too-large');
    }
  });

  // Found by fuzzing: who read it held infinity, and whoever was told of it null.
  it('holds no number that is another once it was written', () => {
    const text = frameOf(1, [encode(submitting([0.5]))]);
    const taken = (number: string) => faultOf(text.replace('0.5', number));

    expect(['0', '1e308', '-1', '1e-400', '12345678901234567890'].map(taken)).toEqual(Array(5).fill('taken'));
    expect(['1e999', '-1e999', '-0', '-0.0', '-1e-400'].map(taken)).toEqual(Array(5).fill('bad-number'));
  });

  // Found by fuzzing: it took 650 ms of a processor to find out.
  it('is refused without being written where it is a chain of thousands', () => {
    let isWritten = false;
    const end = {
      toJSON: () => {
        isWritten = true;
      },
    };
    let chain: unknown = end;
    for (let level = 0; level < 20_000; level++) chain = level % 2 === 0 ? [chain] : { chain };

    expect(encodePayload(chain)).toMatchObject({ ok: false, code: 'too-deep' });
    expect(isWritten).toBe(false);
    expect(encodePayload([end]).ok && isWritten).toBe(true);
  });
});

import fc from 'fast-check';
import {
  bytesOf,
  decodeFrame,
  decodeGreeting,
  encode,
  encodeGreeting,
  FRAME_OVERHEAD_BYTES,
  frameOf,
} from '../../transport/codec.js';
import { LIMITS, type LinkMessage, Message, vocabulary } from '../../transport/protocol.js';
import { appending, nested, submitting } from '../support/carriers.js';
import { anyMessage, messageOf, messageTypes } from '../support/messages.js';

const start: Message = { type: 'election.start', from: 'p1', round: 1 };

const faultOf = (text: string) => {
  const frame = decodeFrame(text);
  return frame.ok ? 'taken' : frame.code;
};

describe('a frame', () => {
  it('carries any messages, of every type, as they were', () => {
    expect([...messageTypes].sort()).toEqual(
      [...vocabulary.keys()].filter((type) => !type.startsWith('link.')).sort(),
    );

    for (const type of messageTypes)
      fc.assert(
        fc.property(messageOf(type), (message) => {
          expect(decodeFrame(frameOf(7, [encode(message)]))).toEqual({
            ok: true,
            counter: 7,
            messages: [message],
            unknown: 0,
          });
        }),
        { numRuns: 40 },
      );
  });

  it('keeps their order', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 8 }), (messages) => {
        const frame = decodeFrame(frameOf(1, messages.map(encode)));

        expect(frame.ok && frame.messages).toEqual(messages);
      }),
    );
  });

  it('gives messages that nobody can change', () => {
    const noop = { kind: 'noop' as const, term: { n: 1, owner: '1' }, at: 0, body: null };
    const frame = decodeFrame(frameOf(1, [encode({ ...appending(''), entries: [noop] } as never)]));

    const [message] = frame.ok ? frame.messages : [];

    expect(Object.isFrozen(message)).toBe(true);
    expect(message?.type === 'sequencer.append' && Object.isFrozen(message.entries[0])).toBe(true);
  });

  it('may carry types this build does not know: they are left out, and counted', () => {
    const later = '{"type":"election.abolish","from":"p1","by":"decree"}';

    expect(decodeFrame(frameOf(1, [later, encode(start), later]))).toEqual({
      ok: true,
      counter: 1,
      messages: [start],
      unknown: 2,
    });
  });

  it('is refused as a whole when one message is bad, with the place of the mistake', () => {
    const bad = '{"type":"election.start","from":"p1","round":-1}';

    expect(decodeFrame(frameOf(1, [encode(start), bad]))).toEqual({
      ok: false,
      code: 'bad-message',
      detail: expect.stringMatching(/^election\.start: .* at round$/),
    });
  });

  it('is refused in words that neither break a line of a log nor colour it', () => {
    const keyed = '{"type":"election.start","from":"p1","round":1,"\\u001b[31m\\nred":1}';

    for (const text of [frameOf(1, [keyed]), '\u202e\u2028\u009b31m is not JSON']) {
      const refused = decodeFrame(text);

      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      expect(refused.ok ? '\n' : refused.detail).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
    }
  });

  it('holds nothing that is not agreed on', () => {
    for (const text of [
      '{"type":"election.start","from":"p1","round":1,"extra":1}',
      '{"type":"election.start","round":1}',
      '{"type":"election.start","from":"","round":1}',
      '{"type":"election.start","from":"a b","round":1}',
      '{"type":"election.start","from":"p1","round":1.5}',
      '{"type":"election.start","from":"p1","round":9007199254740993}',
      '{"type":"election.start","from":"p1","round":"1"}',
      '{"type":7}',
      '{}',
      'null',
      '[]',
    ])
      expect([text, faultOf(frameOf(1, [text]))]).toEqual([text, 'bad-message']);
  });

  it('is an object with a counter from 1 and a list', () => {
    for (const text of [
      'null',
      '1',
      '"frame"',
      '[]',
      '{}',
      '{"counter":1}',
      '{"counter":0,"messages":[]}',
      '{"counter":1.5,"messages":[]}',
      '{"counter":1,"messages":{}}',
      encode(start),
    ])
      expect([text, faultOf(text)]).toEqual([text, 'not-a-frame']);
  });

  it('is JSON', () => {
    for (const text of ['', '{', 'hello', '{"counter":1,"messages":[]}x', '\uFEFF{}', "{'counter':1}"])
      expect([text, faultOf(text)]).toEqual([text, 'not-json']);
  });

  it('has a limit in bytes, looked at before anything else', () => {
    const short = frameOf(1, [encode(start)]);
    const full = short + ' '.repeat(LIMITS.frameBytesMax - short.length);
    const wide = frameOf(1, [`{"type":"later.word","text":"${'€'.repeat(LIMITS.frameBytesMax / 3)}"}`]);

    expect([full.length, faultOf(full), faultOf(`${full} `)]).toEqual([
      LIMITS.frameBytesMax,
      'taken',
      'too-large',
    ]);
    expect([wide.length < LIMITS.frameBytesMax, faultOf(wide)]).toEqual([true, 'too-large']);
    expect(faultOf('{'.repeat(LIMITS.frameBytesMax + 1))).toBe('too-large');
  });

  it('has a limit in messages', () => {
    const many = Array.from({ length: LIMITS.frameMessagesMax }, () => encode(start));

    expect([faultOf(frameOf(1, many)), faultOf(frameOf(1, [...many, encode(start)]))]).toEqual([
      'taken',
      'too-many-messages',
    ]);
  });

  it('has a limit in depth, payloads included, whatever message carries them', () => {
    for (const carrying of [submitting, appending]) {
      expect(faultOf(frameOf(1, [encode(carrying(nested(LIMITS.payloadDepthMax)))]))).toBe('taken');
      expect(faultOf(frameOf(1, [encode(carrying(nested(LIMITS.depthMax)))]))).toBe('too-deep');
    }
    expect(faultOf(frameOf(1, [encode(appending(nested(LIMITS.payloadDepthMax + 1)))]))).toBe('too-deep');
    expect(faultOf(`${'['.repeat(250_000)}${']'.repeat(250_000)}`)).toBe('too-deep');
    expect(faultOf('['.repeat(500_000))).toBe('not-json');
  });

  it('has no key that reaches for a prototype, however it is spelled', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', '\\u005f_proto__'])
      for (const text of [
        `{"counter":1,"messages":[],"${key}":1}`,
        frameOf(1, [encode(submitting('?')).replace('"?"', `{"a":[{"${key}":{}}]}`)]),
      ])
        expect([text, faultOf(text)]).toEqual([text, 'forbidden-key']);
  });

  it('may be any text, and nothing is thrown', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.json().map((json) => frameOf(1, [json])),
    );

    fc.assert(
      fc.property(text, (anything) => {
        const frame = decodeFrame(anything);
        const greeting = decodeGreeting(anything);

        if (!frame.ok) expect(frame.detail.length).toBeLessThanOrEqual(300);
        expect(greeting.ok).toBe(false);
      }),
    );
  });

  it('may be a real one with one character changed, and nothing is thrown', () => {
    fc.assert(
      fc.property(anyMessage, fc.nat(), fc.string({ maxLength: 3 }), (message, place, scrap) => {
        const text = frameOf(1, [encode(message)]);
        const at = place % text.length;

        const frame = decodeFrame(text.slice(0, at) + scrap + text.slice(at + 1));

        if (frame.ok) for (const one of frame.messages) expect(Message.safeParse(one).success).toBe(true);
      }),
    );
  });

  it('adds no more than it says around its messages', () => {
    expect(frameOf(Number.MAX_SAFE_INTEGER, []).length).toBeLessThanOrEqual(FRAME_OVERHEAD_BYTES);
  });
});

const member = { id: 'p1', incarnation: 'i1', address: '127.0.0.1:7001', priority: 1 };
const hello: LinkMessage = {
  type: 'link.hello',
  from: 'p1',
  version: 1,
  cluster: 'blue',
  clusterId: null,
  mode: 'safe',
  member,
};

describe('a greeting', () => {
  const greetings: LinkMessage[] = [
    hello,
    { ...hello, type: 'link.welcome', clusterId: 'c1' },
    { type: 'link.refuse', from: 'p1', code: 'duplicate-id', detail: 'taken' },
  ];

  it('is a message of its own', () => {
    for (const greeting of greetings)
      expect(decodeGreeting(encodeGreeting(greeting))).toEqual({ ok: true, greeting });
  });

  it('may say more in a later version, which is left out, so that it can be refused in words', () => {
    const later = JSON.stringify({ ...hello, version: 2, hobby: 'chess' });

    expect(decodeGreeting(later)).toEqual({ ok: true, greeting: { ...hello, version: 2 } });
  });

  it('introduces whoever sends it', () => {
    expect(decodeGreeting(JSON.stringify({ ...hello, from: 'p2' }))).toEqual({
      ok: false,
      code: 'not-a-greeting',
      detail: 'not a greeting: p2 introduces p1',
    });
  });

  it('is small, and nothing else', () => {
    const codeOf = (text: string) => {
      const read = decodeGreeting(text);
      return read.ok ? 'taken' : read.code;
    };

    expect(codeOf(JSON.stringify({ ...hello, hobby: 'x'.repeat(LIMITS.greetingBytesMax) }))).toBe(
      'too-large',
    );
    expect(codeOf(JSON.stringify({ ...hello, hobby: { constructor: 1 } }))).toBe('forbidden-key');
    expect(codeOf(frameOf(1, []))).toBe('not-a-greeting');
    expect(codeOf(encode(start))).toBe('not-a-greeting');
    expect(codeOf(JSON.stringify({ ...hello, member: { ...member, id: '../p1' } }))).toBe('not-a-greeting');
    expect(codeOf('GET / HTTP/1.1')).toBe('not-json');
  });
});

describe('bytesOf', () => {
  it('counts what a text takes on the wire', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(bytesOf(text)).toBe(Buffer.byteLength(text));
      }),
    );
  });
});

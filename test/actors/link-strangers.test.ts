import { UNGREETED_MAX } from '../../actors/link.js';
import { REJECTED_MAX } from '../../actors/link-line.js';
import { encode, frameOf } from '../../transport/codec.js';
import { LIMITS } from '../../transport/protocol.js';
import { boundStranger, hello, start, world } from '../support/links.js';

describe('the link, among strangers,', () => {
  it('hears nothing before a greeting, says why, and closes', () => {
    for (const rubbish of [
      'GET / HTTP/1.1',
      '{',
      frameOf(1, [encode(start('1', 1))]),
      JSON.stringify({ ...hello('1'), hobby: 'x'.repeat(LIMITS.greetingBytesMax) }),
      'x'.repeat(LIMITS.frameBytesMax),
    ]) {
      const { p2, stranger } = world();
      const hands = stranger();
      hands.say(rubbish);

      expect(p2.told()).toMatchObject([
        { type: 'channel.accepted', connection: 'accepted:1' },
        { type: 'link.warning', detail: expect.stringContaining('a stranger at stranger:') },
        { type: 'channel.closed', connection: 'accepted:1', reason: 'misspoken' },
      ]);
      expect(hands.heard.map((frame) => frame.slice(0, 80))).toEqual([
        expect.stringContaining('"link.refuse","from":"2","code":"bad-greeting"'),
        'closed-there',
      ]);
      expect(p2.counters).toEqual({ greetings_rejected: 1 });
    }
  });

  it('hears one greeting, and nothing more until that is judged', () => {
    const { p2, stranger } = world();

    stranger().say(JSON.stringify(hello('1')), JSON.stringify(hello('1')));

    expect(p2.told()).toMatchObject([
      { type: 'channel.accepted' },
      { type: 'link.hello', from: '1' },
      { type: 'link.warning', code: 'early-frame' },
      { type: 'channel.closed', reason: 'misspoken' },
    ]);
  });

  it('refuses a frame that is not JSON, warns once, and goes on', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say('hello?', 'anybody there?', frameOf(1, [encode(start('3', 1))]));

    expect(p2.told()).toEqual([
      {
        type: 'link.warning',
        code: 'not-json',
        detail: expect.stringMatching(/^bad frame from peer 3 at stranger:\d+: not JSON: "hello\?"$/),
      },
      start('3', 1),
    ]);
    expect(p2.counters).toMatchObject({ frames_received: 3, frames_rejected: 2 });
  });

  it('closes a channel that goes on sending bad frames', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say(...Array.from({ length: REJECTED_MAX + 5 }, () => '{"counter":1,"messages":[{"type":7}]}'));

    expect(p2.told()).toMatchObject([
      { type: 'link.warning', code: 'bad-message' },
      { type: 'channel.closed', connection: 'accepted:1', reason: 'misspoken' },
    ]);
    expect(p2.counters.frames_rejected).toBe(REJECTED_MAX);
    expect(hands.heard).toEqual(['closed-there']);
  });

  it('closes a channel at a frame over the limit', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say('x'.repeat(LIMITS.frameBytesMax + 1));

    expect(p2.told()).toEqual([
      { type: 'channel.closed', connection: 'accepted:1', reason: 'frame-too-large' },
    ]);
    expect(hands.heard).toEqual(['frame-too-large']);
  });

  it('takes no frame twice, nor one that comes late', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');
    const frame = (counter: number) => frameOf(counter, [encode(start('3', counter))]);

    hands.say(frame(2), frame(2), frame(1), frame(5));

    expect(p2.told()).toMatchObject([
      start('3', 2),
      { type: 'link.warning', code: 'old-counter' },
      start('3', 5),
    ]);
    expect(p2.counters.frames_rejected).toBe(2);
  });

  it('closes a channel that speaks in the name of another peer, and takes nothing of that frame', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say(
      frameOf(1, [encode(start('3', 1)), encode(start('4', 1))]),
      frameOf(2, [encode(start('3', 2))]),
    );

    expect(p2.told()).toMatchObject([
      { type: 'link.warning', code: 'impostor', detail: expect.stringContaining('in the name of 4') },
      { type: 'channel.closed', connection: 'accepted:1', reason: 'impostor' },
    ]);
    expect(p2.counters.frames_rejected).toBe(1);
    expect(hands.heard).toEqual(['closed-there']);
  });

  it('counts messages it does not know, and hears the rest', () => {
    const here = world();
    const { p2 } = here;
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say(frameOf(1, ['{"type":"election.abolish","from":"3"}', encode(start('3', 1))]));

    expect(p2.told()).toEqual([start('3', 1)]);
    expect(p2.counters).toMatchObject({ messages_unknown: 1, messages_received: 1 });
  });

  it('turns strangers away while too many have not greeted, and takes others when they are gone', () => {
    const { p2, settle, stranger } = world();
    const crowd = Array.from({ length: UNGREETED_MAX }, () => stranger());

    const oneTooMany = stranger();
    crowd[0]?.close();
    settle();
    const next = stranger();

    expect(oneTooMany.heard).toEqual(['closed-there']);
    expect(next.heard).toEqual([]);
    expect(p2.counters).toEqual({ channels_turned_away: 1 });
    expect(p2.told().filter(({ type }) => type === 'channel.accepted').length).toBe(UNGREETED_MAX + 1);
  });

  it('takes any number of channels that have greeted', () => {
    const here = world();
    const { p2 } = here;

    const ids = Array.from({ length: UNGREETED_MAX + 5 }, (_, index) => `q${index}`);
    const all = ids.map((id, index) => boundStranger(here, `accepted:${index + 1}`, id));

    expect(all.flatMap(({ heard }) => heard)).toEqual([]);
    expect(p2.counters).toEqual({});
  });
});

import { encode, frameOf } from '../../transport/codec.js';
import { LIMITS, type LinkMessage, type Message } from '../../transport/protocol.js';
import { boundStranger, greet, hello, memberOf, send, start, world } from '../support/links.js';

describe('the link', () => {
  it('says where it listens, or why it does not', () => {
    const { p1, settle } = world();

    p1.tell({ type: 'listen', address: '1:0' });
    p1.tell({ type: 'listen', address: '1:1' });
    settle();

    expect(p1.told()).toEqual([
      { type: 'link.listening', address: '1:49152' },
      { type: 'link.failed', code: 'port-in-use', detail: 'another process listens at 1:1' },
    ]);
  });

  it('tells of channels and greetings, under the keys of their connections', () => {
    const here = world();
    const { p1, p2, settle } = here;

    p1.tell({ type: 'dial', connection: 'k', address: '2:1' });
    settle();
    p1.tell({ type: 'greet', connection: 'k', message: hello('1') });
    settle();

    expect(p1.told()).toEqual([{ type: 'channel.opened', connection: 'k' }]);
    expect(p2.told()).toEqual([
      { type: 'channel.accepted', connection: 'accepted:1', address: '1:49152' },
      { ...hello('1'), connection: 'accepted:1', rival: null },
    ]);
  });

  it('tells when nobody listens there', () => {
    const { p1, settle } = world();

    p1.tell({ type: 'dial', connection: 'k', address: '9:1' });
    settle();

    expect(p1.told()).toEqual([{ type: 'channel.closed', connection: 'k', reason: 'refused' }]);
  });

  it('carries messages once both have greeted, one by one, as they are', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p1.told();
    p2.told();

    send(p1, ['2'], start('1', 1), start('1', 2));
    send(p2, ['1'], start('2', 3));
    settle();

    expect(p2.told()).toEqual([start('1', 1), start('1', 2)]);
    expect(p1.told()).toEqual([start('2', 3)]);
  });

  it('sends what one turn sends in one frame', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p2.told();

    send(p1, ['2'], ...Array.from({ length: 10 }, (_, round) => start('1', round)));
    settle();
    send(p1, ['2'], start('1', 10));
    settle();

    expect(p2.told()).toEqual(Array.from({ length: 11 }, (_, round) => start('1', round)));
    expect(p1.counters).toMatchObject({ frames_sent: 2, messages_sent: 11 });
    expect(p2.counters).toMatchObject({ frames_received: 2, messages_received: 11 });
  });

  it('splits a turn into frames that keep the limits', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p2.told();
    const large = (number: number): Message => ({
      type: 'sequencer.submit',
      from: '1',
      session: 1,
      submissions: Array.from({ length: 3 }, () => ({ number, topic: 't', payload: 'ü'.repeat(30_000) })),
    });

    send(p1, ['2'], ...[1, 2, 3, 4, 5].map(large));
    settle();
    send(p1, ['2'], ...Array.from({ length: LIMITS.frameMessagesMax + 1 }, (_, round) => start('1', round)));
    settle();

    const told = p2.told();
    expect(told.slice(0, 5)).toEqual([1, 2, 3, 4, 5].map(large));
    expect(told.length).toBe(5 + LIMITS.frameMessagesMax + 1);
    expect(p1.counters.frames_sent).toBe(3 + 2);
    expect(p2.counters.frames_rejected).toBeUndefined();
  });

  it('does not send a message that fits no frame, says so, and goes on', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p1.told();
    p2.told();
    const monster: Message = {
      type: 'sequencer.submit',
      from: '1',
      session: 1,
      submissions: [{ number: 1, topic: 't', payload: 'x'.repeat(LIMITS.frameBytesMax) }],
    };

    send(p1, ['2'], monster, start('1', 1));
    settle();

    expect(p1.told()).toMatchObject([{ type: 'link.warning', code: 'message-too-large' }]);
    expect(p1.counters.messages_too_large).toBe(1);
    expect(p2.told()).toEqual([start('1', 1)]);
  });

  it('delivers to ourselves what is meant for us too, later, without bytes', () => {
    const { p1, settle } = world();
    const message = start('1', 1);

    send(p1, ['1'], message);
    const atOnce = p1.told();
    settle();

    expect(atOnce).toEqual([]);
    expect(p1.told()).toEqual([message]);
    expect(p1.counters).toEqual({});
  });

  it('counts and forgets messages for peers without a channel', () => {
    const { p1, settle } = world();

    send(p1, ['2', '3'], start('1', 1));
    settle();

    expect(p1.counters).toEqual({ messages_unroutable: 2 });
  });

  it('hangs up after what was sent, and hears nothing more of that channel', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p1.told();
    p2.told();

    send(p1, ['2'], start('1', 1));
    p1.tell({ type: 'hangUp', connection: 'k' });
    send(p1, ['2'], start('1', 2));
    send(p2, ['1'], start('2', 3));
    settle();

    expect(p2.told()).toEqual([
      start('1', 1),
      { type: 'channel.closed', connection: 'accepted:1', reason: 'closed-there' },
    ]);
    expect(p1.told()).toEqual([]);
    expect(p1.counters.messages_unroutable).toBe(1);
  });

  it('can dial again under the same key', () => {
    const here = world();
    greet(here);
    const { p1, settle } = here;
    p1.told();

    p1.tell({ type: 'hangUp', connection: 'k' });
    p1.tell({ type: 'dial', connection: 'k', address: '2:1' });
    settle();

    expect(p1.told()).toEqual([{ type: 'channel.opened', connection: 'k' }]);
  });

  it('tells of a rival when a peer with a channel greets on another', () => {
    const here = world();
    const { p2, stranger } = here;
    greet(here);
    p2.told();

    stranger().say(JSON.stringify(hello('1', 'another life')));

    expect(p2.told()).toMatchObject([
      { type: 'channel.accepted', connection: 'accepted:2' },
      { type: 'link.hello', connection: 'accepted:2', rival: { incarnation: 'of-1', dialled: 'there' } },
    ]);
  });

  it('lets the channel that is bound last take the place of an older one', () => {
    const here = world();
    const { p1, p2, settle, stranger } = here;
    greet(here);
    const newer = stranger();
    newer.say(JSON.stringify(hello('1')));
    p1.told();
    p2.told();

    p2.tell({ type: 'bind', connection: 'accepted:2', remote: memberOf('1') });
    send(p2, ['1'], start('2', 1));
    settle();

    expect(p2.told()).toEqual([{ type: 'channel.closed', connection: 'accepted:1', reason: 'superseded' }]);
    expect(p1.told()).toEqual([{ type: 'channel.closed', connection: 'k', reason: 'closed-there' }]);
    expect(newer.heard).toEqual([frameOf(1, [encode(start('2', 1))])]);
  });

  it('binds only a channel that has greeted', () => {
    const { p2, settle, stranger } = world();
    const hands = stranger();

    p2.tell({ type: 'bind', connection: 'accepted:1', remote: memberOf('1') });
    p2.tell({ type: 'bind', connection: 'nonsense', remote: memberOf('1') });
    send(p2, ['1'], start('2', 1));
    settle();

    expect(hands.heard).toEqual([]);
    expect(p2.counters.messages_unroutable).toBe(1);
  });

  it('passes on a refusal that comes late: whoever said hello judges last', () => {
    const here = world();
    const { p2 } = here;
    const refusal: LinkMessage = { type: 'link.refuse', from: '3', code: 'mode-mismatch', detail: 'no' };
    const hands = boundStranger(here, 'accepted:1', '3');

    hands.say(JSON.stringify(refusal));

    expect(p2.told()).toEqual([{ ...refusal, connection: 'accepted:1', rival: null }]);
  });

  it('closes its transport when it stops, after what was sent', () => {
    const here = world();
    const { p1, p2, settle } = here;
    greet(here);
    p2.told();

    send(p1, ['2'], start('1', 1));
    p1.stop();
    settle();

    expect(p2.told()).toEqual([
      start('1', 1),
      { type: 'channel.closed', connection: 'accepted:1', reason: 'closed-there' },
    ]);
  });
});

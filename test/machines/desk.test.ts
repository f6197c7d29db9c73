import { type DeskEvent, deskMachine } from '../../machines/desk.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';

const CLIENT = '~abcdefgh01234567';
const us = { me: '2', client: CLIENT, coordinator: '3', addresses: ['h:1'], silenceMs: 5000 };
const from = CLIENT;

const lines = (first: number, last: number, payload = 'x') =>
  Array.from({ length: last - first + 1 }, (_, i) => ({ number: first + i, topic: 'general', payload }));
const submit = (first: number, last: number, payload?: string): DeskEvent => ({
  type: 'desk.submit',
  from,
  session: 9,
  submissions: lines(first, last, payload),
});
const follow = (subscription: number, after = 0): DeskEvent => ({
  type: 'desk.follow',
  from,
  subscription,
  topic: null,
  after,
});
const settled = (upTo: number): DeskEvent => ({
  type: 'client.settled',
  session: 9,
  receipts: [{ number: upTo, sequence: upTo, topicSequence: upTo, term: 1, id: `9.${upTo}` }],
});
const made: DeskEvent = { type: 'deliveries.made' };
const silence = (state: 'heard' | 'quiet'): DeskEvent =>
  elapsed('silence', `desk.attending.presence.${state}`);

const having = (...events: readonly DeskEvent[]) => {
  const [snapshot, effects] = havingIn(deskMachine, us, events);
  return { isOpen: snapshot.status === 'active', effects, waiting: snapshot.context.waiting };
};
const told = (message: object) => ({ type: 'send', to: [CLIENT], message: { from: '2', ...message } });

describe('a desk', () => {
  it('answers a ping with whom its peer follows and where members listen', () => {
    expect(having({ type: 'desk.ping', from }).effects).toEqual([
      told({ type: 'attachment.news', coordinator: '3', addresses: ['h:1'] }),
    ]);
  });

  it('says unasked when its peer follows another, or nobody', () => {
    for (const coordinator of ['4', null])
      expect(having({ type: 'coordinator.followed', coordinator }).effects).toEqual([
        told({ type: 'attachment.news', coordinator, addresses: ['h:1'] }),
      ]);
    expect(
      having({ type: 'addresses.changed', addresses: ['h:2'] }, { type: 'desk.ping', from }).effects,
    ).toMatchObject([{ message: { addresses: ['h:2'] } }]);
  });

  it('has sessions opened and submissions ordered', () => {
    expect(having({ type: 'desk.open', from, nonce: 'today' }).effects).toEqual([
      { type: 'opening', client: CLIENT, nonce: 'today' },
    ]);
    expect(having(submit(1, 2)).effects).toEqual([
      { type: 'submitted', client: CLIENT, session: 9, submissions: lines(1, 2) },
    ]);
  });

  it('tells what became of them', () => {
    expect(having({ type: 'client.opened', session: 9, nonce: 'today' }).effects).toEqual([
      told({ type: 'attachment.opened', session: 9, nonce: 'today' }),
    ]);
    expect(having(submit(1, 2), settled(2)).effects).toMatchObject([
      { message: { type: 'attachment.settled', session: 9, receipts: [{ number: 2 }] } },
    ]);
    for (const what of ['missed', 'expired'] as const)
      expect(having({ type: `client.${what}`, session: 9 }).effects).toEqual([
        told({ type: `attachment.${what}`, session: 9 }),
      ]);
  });

  it('lets a client have as much under way as its receipts are kept for, and sends it off beyond', () => {
    const window = [submit(1, 256), submit(257, 512), submit(513, 768), submit(769, 1024)];

    expect(having(...window).isOpen).toBe(true);
    expect(having(...window, submit(1025, 1025))).toMatchObject({
      isOpen: false,
      effects: [
        { message: { type: 'attachment.dismissed', code: 'misbehaved' } },
        { type: 'dismissed', client: CLIENT },
      ],
    });
    expect(having(...window, settled(256), submit(1025, 1200)).isOpen).toBe(true);
    expect(having(submit(1, 20, 'x'.repeat(30_000))).isOpen).toBe(false);
  });

  it('sends off whoever counts wrong, or so far that nobody could go on', () => {
    const numbered = (...numbers: readonly number[]): DeskEvent => ({
      type: 'desk.submit',
      from,
      session: 9,
      submissions: numbers.flatMap((number) => lines(number, number)),
    });

    expect(having(numbered(3, 4, 5)).isOpen).toBe(true);
    for (const wrong of [numbered(3, 5), numbered(3, 3), numbered(Number.MAX_SAFE_INTEGER)])
      expect(having(wrong).isOpen).toBe(false);
  });

  it('takes what is sent again for what it is', () => {
    const again = [submit(1, 256), submit(257, 512), submit(513, 768), submit(769, 1024)];

    expect(having(...again, ...again, ...again).isOpen).toBe(true);
    expect(having(submit(5000, 5255)).isOpen).toBe(true);
    expect(having({ type: 'desk.submit', from, session: 9, submissions: [] }).isOpen).toBe(true);
  });

  it('asks for an answer to a question at once, and again whenever there is something new, until it is answered', () => {
    const question = { subscription: 1, topic: null, after: 7 };
    expect(having(follow(1, 7))).toMatchObject({
      effects: [{ type: 'waiting', client: CLIENT, subscriptions: [question] }],
      waiting: [question],
    });
    expect(having(follow(1, 7), made).effects).toMatchObject([{ subscriptions: [question] }]);
    expect(having(follow(1, 7), { type: 'subscription.served', subscription: 1 }, made)).toMatchObject({
      effects: [],
      waiting: [],
    });
    expect(having(follow(1, 7), { type: 'desk.unfollow', from, subscription: 1 }).waiting).toEqual([]);
    expect(having(follow(1, 7), follow(1, 9)).waiting).toMatchObject([{ after: 9 }]);
  });

  it('holds sixteen questions, and sends off whoever has more', () => {
    const questions = Array.from({ length: 16 }, (_, i) => follow(i));

    expect(having(...questions, follow(3, 8)).isOpen).toBe(true);
    expect(having(...questions, follow(16)).isOpen).toBe(false);
  });

  it('has its peer read one thing at a time, and a newer question wait for the next reading', () => {
    const ask = (id: number): DeskEvent => ({ type: 'desk.read', from, id });
    const read = (id: number): DeskEvent => ({ type: 'client.read', id, sequence: 10 * id });
    const reading = (id: number) => ({ type: 'reading', client: CLIENT, id });

    expect(having(ask(1)).effects).toEqual([reading(1)]);
    expect(having(ask(1), ask(2)).effects).toEqual([]);
    expect(having(ask(1), ask(2), ask(3), read(1)).effects).toEqual([
      told({ type: 'attachment.readable', id: 1, sequence: 10 }),
      reading(3),
    ]);
    expect(having(ask(1), ask(1), read(1)).effects).toHaveLength(1);
    expect(having(ask(1), { type: 'client.unread', id: 1 }).effects).toEqual([]);
    expect(having(ask(1), { type: 'client.unread', id: 1 }, ask(2)).effects).toEqual([reading(2)]);
  });

  it('passes on no reading but the one that is under way', () => {
    const late: DeskEvent = { type: 'client.read', id: 4, sequence: 9 };

    expect(having(late).effects).toEqual([]);
    expect(having({ type: 'desk.read', from, id: 5 }, late).effects).toEqual([]);
  });

  it('takes a client that says nothing for twice the time for gone', () => {
    expect(having(silence('heard')).isOpen).toBe(true);
    expect(having(silence('heard'), { type: 'desk.ping', from }, silence('heard')).isOpen).toBe(true);
    expect(having(silence('heard'), silence('quiet'))).toMatchObject({
      isOpen: false,
      effects: [{ message: { code: 'silent' } }, { type: 'dismissed' }],
    });
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(deskMachine));

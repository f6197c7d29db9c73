import { type SessionsEvent, sessionsMachine } from '../../machines/sessions.js';
import { RECEIPTS_MAX } from '../../machines/values/session-table.js';
import type { PeerId, SequencerMessage, Submission } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, eventTable, having as havingIn } from '../support/event-table.js';
import { term } from '../support/members.js';

const us = {
  me: '2',
  kind: 'peer' as const,
  nonce: 'today',
  backOffMinMs: 500,
  backOffMaxMs: 4000,
  renewIntervalMs: 60_000,
  jitterSeed: 1,
};

const line = (number: number): Submission => ({ number, topic: 'general', payload: `line ${number}` });
const lines = (first: number, last: number): Submission[] =>
  Array.from({ length: last - first + 1 }, (_, i) => line(first + i));
const offered = (first: number, last = first): SessionsEvent => ({
  type: 'submissions.offered',
  submissions: lines(first, last),
});
const delivered = (upTo: number): SessionsEvent => ({ type: 'submissions.delivered', upTo });
const missed: SessionsEvent = { type: 'submissions.missed' };
const opened: SessionsEvent = { type: 'session.opened', session: 9 };
const followed = (coordinator: PeerId): SessionsEvent => ({
  type: 'coordinator.followed',
  coordinator,
  term: term(1, coordinator),
});
const reconnected: SessionsEvent = { type: 'coordinator.reconnected' };
const lost: SessionsEvent = { type: 'coordinator.lost' };
const refused: SessionsEvent = { type: 'sessions.retry', from: '3', session: 9 };
const redirected: SessionsEvent = { type: 'sessions.redirect', from: '3', coordinator: '4' };
const askingTimeout: SessionsEvent = elapsed('resubmitTimeout', 'sessions.opening.asking');
const expired: SessionsEvent = { type: 'session.expired', session: 9 };
const unused: SessionsEvent = elapsed('renewInterval', 'sessions.idle');
const submittingTimeout: SessionsEvent = elapsed('resubmitTimeout', 'sessions.submitting');
const deferringTimeout: SessionsEvent = elapsed('resubmitTimeout', 'sessions.deferring');

const asking = [followed('3')];
const idle = [...asking, opened];
const submitting = [...idle, offered(1, 3)];
const stranded = [...submitting, lost];

const nameOf = ({ value }: { value: unknown }): string =>
  typeof value === 'string' ? value : (Object.values(value as object)[0] as string);
/** The state after these events, and what the last of them sent. */
const having = (...events: readonly SessionsEvent[]) => {
  const [snapshot, effects] = havingIn(sessionsMachine, us, events);
  const letters = effects.flatMap(
    ({ letters }) => letters as readonly { to: readonly PeerId[]; message: SequencerMessage }[],
  );
  return { state: nameOf(snapshot), letters, pending: snapshot.context.pending };
};
const openFor = (coordinator: PeerId) => ({
  to: [coordinator],
  message: { type: 'sequencer.open', from: '2', nonce: 'today' },
});
const submit = (coordinator: PeerId, submissions: readonly Submission[]) => ({
  to: [coordinator],
  message: { type: 'sequencer.submit', from: '2', session: 9, submissions },
});

describe('sessions', () => {
  it('wait for a coordinator to open a session with', () => {
    expect(having()).toMatchObject({ state: 'waiting', letters: [] });
    expect(having(...asking)).toMatchObject({ state: 'asking', letters: [openFor('3')] });
  });

  it('ask again after a while, over a new connection, and another coordinator', () => {
    for (const event of [askingTimeout, reconnected])
      expect(having(...asking, event)).toMatchObject({ state: 'asking', letters: [openFor('3')] });
    expect(having(...asking, followed('4'))).toMatchObject({ state: 'asking', letters: [openFor('4')] });
    expect(having(...asking, lost)).toMatchObject({ state: 'waiting', letters: [] });
    expect(having(reconnected)).toMatchObject({ letters: [] });
  });

  it('keep what is offered until there is a session, and then submit it in order', () => {
    const { state, letters } = having(...asking, offered(1), offered(2, 3), opened);

    expect(state).toBe('submitting');
    expect(letters).toEqual([submit('3', lines(1, 3))]);
  });

  it('are idle while nothing waits', () => {
    expect(having(...idle)).toMatchObject({ state: 'idle', letters: [] });
  });

  it('submit what is offered at once, without waiting for what was offered before', () => {
    expect(having(...submitting).letters).toEqual([submit('3', lines(1, 3))]);
    expect(having(...submitting, offered(4))).toMatchObject({
      state: 'submitting',
      letters: [submit('3', [line(4)])],
      pending: lines(1, 4),
    });
  });

  it('forget what has been delivered, and are idle when that was all', () => {
    expect(having(...submitting, delivered(2))).toMatchObject({ state: 'submitting', pending: [line(3)] });
    expect(having(...submitting, delivered(2), delivered(1)).pending).toEqual([line(3)]);
    expect(having(...submitting, delivered(3))).toMatchObject({ state: 'idle', pending: [] });
    expect(having(...submitting, lost, delivered(3))).toMatchObject({ state: 'stranded', pending: [] });
  });

  it.each([
    ['nothing was delivered for a while', submittingTimeout, '3'],
    ['one was missed', missed, '3'],
    ['the connection to the coordinator is new', reconnected, '3'],
    ['the coordinator is', followed('4'), '4'],
  ])('submit everything that waits once more when %s', (_, event, coordinator) => {
    const { state, letters } = having(...submitting, delivered(1), event);

    expect(state).toBe('submitting');
    expect(letters).toEqual([submit(coordinator, lines(2, 3))]);
  });

  it('leave a coordinator that has no room in peace for a while, and then submit everything that waits', () => {
    expect(having(...submitting, refused, offered(4))).toMatchObject({ state: 'deferring', letters: [] });
    expect(having(...submitting, refused, offered(4), deferringTimeout)).toMatchObject({
      state: 'submitting',
      letters: [submit('3', lines(1, 4))],
    });
    // What a client had sent by this peer: the client sends it again.
    expect(having(...submitting, { ...refused, session: 8 } as SessionsEvent).state).toBe('submitting');
  });

  it('keep everything while nobody coordinates, and submit it to the next who does', () => {
    expect(having(...stranded, offered(4))).toMatchObject({ state: 'stranded', letters: [] });
    expect(having(...stranded, offered(4), followed('4'))).toMatchObject({
      state: 'submitting',
      letters: [submit('4', lines(1, 4))],
    });
    expect(having(...idle, lost, followed('4'))).toMatchObject({ state: 'idle', letters: [] });
  });

  it('are stranded too when the session was opened by a coordinator that is lost already', () => {
    expect(having(...asking, offered(1), lost, opened)).toMatchObject({ state: 'stranded', letters: [] });
  });

  it('cut what they submit into messages that the coordinator accepts', () => {
    const { letters } = having(...idle, offered(1, 600));
    const parts = letters.map(({ message }) => ('submissions' in message ? message.submissions : []));

    expect(parts.map((part) => part.length)).toEqual([256, 256, 88]);
    expect(parts.flat()).toEqual(lines(1, 600));
  });

  it('have no more on their way than a line can bear, and send the rest as room is made, or from the first on', () => {
    const long = (first: number, last: number) =>
      lines(first, last).map((submission) => ({ ...submission, payload: 'x'.repeat(30_000) }));
    const numbers = ({ letters }: ReturnType<typeof having>) =>
      letters.flatMap(({ message }) =>
        'submissions' in message ? message.submissions.map((s) => s.number) : [],
      );
    const full = [...idle, { type: 'submissions.offered' as const, submissions: long(1, 100) }];
    const first = numbers(having(...full));

    expect(first).toEqual(Array.from({ length: first.length }, (_, i) => i + 1));
    expect(first.length).toBeGreaterThan(10);
    expect(first.length).toBeLessThan(30);
    expect(having(...full, offered(101)).letters).toEqual([]);
    expect(numbers(having(...full, offered(101), delivered(8)))[0]).toBe(first.length + 1);
    expect(numbers(having(...full, delivered(8), missed))[0]).toBe(9);
    expect(numbers(having(...full, lost, followed('4')))).toEqual(first);
  });

  it('send again more and more seldom while nothing comes of it, and soon after something has', () => {
    const waitAfter = (...events: readonly SessionsEvent[]) =>
      havingIn(sessionsMachine, us, [...submitting, ...events])[0].context.backOffMs;
    const waits = [0, 1, 2, 3, 4, 5].map((count) =>
      waitAfter(...Array.from({ length: count }, () => submittingTimeout)),
    );

    waits.forEach((wait, attempts) => {
      const whole = Math.min(us.backOffMaxMs, us.backOffMinMs * 2 ** attempts);
      expect(wait).toBeGreaterThanOrEqual(whole / 2);
      expect(wait).toBeLessThanOrEqual(whole);
    });
    for (const news of [delivered(1), followed('4')])
      expect(waitAfter(submittingTimeout, submittingTimeout, submittingTimeout, news)).toBeLessThanOrEqual(
        us.backOffMinMs,
      );
  });

  it('renew a session that is not used, by opening it again', () => {
    expect(having(...idle, unused)).toMatchObject({ state: 'idle', letters: [openFor('3')] });
  });

  // What was under way may have taken effect: it is nobody's to send again.
  it('begin another session, of another name and with nothing in it, when theirs has expired', () => {
    const { state, letters, pending } = having(...submitting, expired);

    expect({ state, pending }).toEqual({ state: 'asking', pending: [] });
    expect(letters).toEqual([
      { to: ['3'], message: { type: 'sequencer.open', from: '2', nonce: 'today.1' } },
    ]);
    expect(having(...stranded, expired)).toMatchObject({ state: 'waiting', letters: [], pending: [] });
    expect(having(...submitting, expired, offered(1), { type: 'session.opened', session: 12 })).toMatchObject(
      {
        state: 'submitting',
        letters: [{ to: ['3'], message: { session: 12, submissions: [line(1)] } }],
      },
    );
    expect(having(...submitting, { type: 'session.expired', session: 8 })).toMatchObject({
      state: 'submitting',
      letters: [],
    });
  });

  it('of a client have no more on their way than its receipts are kept for', () => {
    const client = { ...us, me: '~abcdefgh01234567', kind: 'client' as const };
    const [, effects] = havingIn(sessionsMachine, client, [...idle, offered(1, 3000)]);
    const numbers = effects
      .flatMap(({ letters }) => letters as readonly { message: SequencerMessage }[])
      .flatMap(({ message }) => ('submissions' in message ? message.submissions.map((s) => s.number) : []));

    expect(numbers).toEqual(Array.from({ length: RECEIPTS_MAX }, (_, i) => i + 1));
  });

  it('have an answer to every event in every state', () => {
    const deferring = [...submitting, refused];
    const states = { waiting: [], asking, idle, submitting, deferring, stranded };
    const events = {
      'submissions offered': offered(4),
      'all delivered': delivered(3),
      missed,
      'session opened': opened,
      'session expired': expired,
      'coordinator followed': followed('4'),
      'coordinator reconnected': reconnected,
      'coordinator lost': lost,
      // Whom to follow instead, our own election finds out.
      NOT_COORDINATOR: redirected,
      RETRY: refused,
    };

    expect(eventTable(sessionsMachine, us, states, events, nameOf)).toBe(`
                         waiting    asking   idle         submitting   deferring    stranded
submissions offered      ·          ·        submitting!  submitting!  ·            ·
all delivered            ·          ·        ·            idle         ·            ·
missed                   ·          ·        ·            submitting!  ·            ·
session opened           stranded!  idle!    ·            ·            ·            ·
session expired          ·          ·        asking!      asking!      asking!      waiting
coordinator followed     asking!    asking!  ·            submitting!  submitting!  submitting!
coordinator reconnected  asking!    asking!  ·            submitting!  submitting!  ·
coordinator lost         ·          waiting  stranded     stranded     stranded     ·
NOT_COORDINATOR          ·          ·        ·            ·            ·            ·
RETRY                    ·          ·        ·            deferring    ·            ·
`);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(sessionsMachine));

/** A coordinator's office: handed over on request, and kept for a while from whoever loses it again and again. */
import type { ElectionEvent } from '../../../machines/election.js';
import { holdDown } from '../../../machines/election-office.js';
import {
  challenge,
  challenging,
  ended,
  established,
  everybodyHeard,
  followed,
  handoverFailed,
  handoverOffered,
  having,
  hears4,
  heartbeat,
  isolated,
  measured,
  reconfigured,
  suspected,
  term1,
  term3,
  transfer,
  unrivalled,
  winning,
  yielding,
} from '../../support/elections.js';
import { elapsed } from '../../support/event-table.js';
import { term } from '../../support/members.js';

const declined = (to: string, reason: string, by = '1') => ({
  type: 'send',
  to: [by],
  message: { type: 'election.decline', from: '2', to, reason },
});
const inOffice = [...winning, established];
const timeout: ElectionEvent = elapsed('handoverTimeout', 'election.coordinating.yielding');

describe('a request to hand over', () => {
  it('is granted to any voter that is fit and level, lower ones too', () => {
    expect(having(...inOffice, transfer('1'))).toMatchObject({
      state: 'yielding',
      effects: [{ type: 'yielding', successor: '1' }],
    });
  });

  it('is declined by whoever does not coordinate', () => {
    expect(having(...challenging, transfer('3')).effects).toEqual([declined('3', 'not-coordinator')]);
  });

  it('is declined when the member is unknown, does not vote, is out of reach, unfit, or behind', () => {
    const learnt = reconfigured(['1', '2', '3']);
    const cases: readonly (readonly [readonly ElectionEvent[], string, string])[] = [
      [inOffice, '9', 'unknown'],
      [[...inOffice, learnt], '4', 'unknown'],
      [[...inOffice, suspected('3')], '3', 'unreachable'],
      [[...inOffice, heartbeat('3', { fit: false })], '3', 'unreachable'],
      [[...inOffice, heartbeat('3', { quorumConnected: false })], '3', 'unreachable'],
      [[...inOffice, heartbeat('3', { heard: ['1'] })], '3', 'unreachable'],
      [[...inOffice, measured({ 1: 4097 })], '1', 'behind'],
    ];
    for (const [history, to, reason] of cases)
      expect(having(...history, transfer(to)).effects).toEqual([declined(to, reason)]);
  });

  it('is declined while another one is under way, and heard once if it is the same', () => {
    const busy = [...inOffice, transfer('1')];

    expect(having(...busy, transfer('3', '3')).effects).toEqual([declined('3', 'busy', '3')]);
    expect(having(...busy, transfer('1', '3'))).toMatchObject({ state: 'yielding', effects: [] });
  });

  it('to ourselves is answered with our announcement', () => {
    expect(having(...inOffice, transfer('2')).effects).toMatchObject([
      { type: 'send', to: ['1'], message: { type: 'election.coordinator', from: '2' } },
    ]);
  });

  it('is answered when nothing came of it', () => {
    for (const end of [handoverFailed, timeout])
      expect(having(...inOffice, transfer('1', '3'), end)).toMatchObject({
        state: 'holding',
        effects: [declined('1', 'aborted', '3')],
      });
  });

  it('is nobody else’s business when a takeover fails that nobody asked for', () => {
    expect(having(...yielding, timeout).effects).toEqual([{ ...declined('3', 'aborted'), to: [] }]);
  });
});

describe('a coordinator that has been handed its office', () => {
  it('keeps it for a while, or two members would pass it to and fro', () => {
    expect(having(...everybodyHeard, followed('1', term1), handoverOffered, established).state).toBe(
      'holding',
    );
  });
});

describe('a member that loses the office again and again', () => {
  const falls = [heartbeat('4'), followed('4', term1), suspected('4')];
  const leads = [elapsed('answerTimeout', 'election.challenging') as ElectionEvent, established];
  const delayAfter = (...events: readonly ElectionEvent[]) => {
    const { state, context } = having(...events);
    return { state, flaps: context.flaps };
  };

  it('gets it back as any other the first time', () => {
    expect(delayAfter(...everybodyHeard, ...falls, ...leads).state).toBe('rivalled');
  });

  it('waits longer after every fall', () => {
    const twice = [...everybodyHeard, ...falls, ...leads, ...falls, ...leads];
    expect(delayAfter(...twice)).toEqual({ state: 'holding', flaps: [{ id: '4', times: 2 }] });
    expect(delayAfter(...twice, ...falls, ...leads).flaps).toEqual([{ id: '4', times: 3 }]);
  });

  it('is forgiven once it has led for a while', () => {
    const led = elapsed('flapWindow', 'election.following') as ElectionEvent;
    const proved = [...falls.slice(0, 2), led, ...falls.slice(2)];

    expect(delayAfter(...everybodyHeard, ...falls, ...leads, ...proved, ...leads)).toEqual({
      state: 'rivalled',
      flaps: [],
    });
  });

  it('has fallen too when nobody could be elected in its place', () => {
    expect(having(...isolated).context.flaps).toEqual([{ id: '4', times: 1 }]);
  });

  it('is held off no longer than the bound', () => {
    const often = Array.from({ length: 9 }, () => [...falls, ...leads]).flat();
    const { context } = having(...everybodyHeard, ...often);

    expect(holdDown(context)).toBe(8000);
    expect(holdDown({ ...context, flaps: [{ id: '4', times: 2 }] })).toBe(4000);
    expect(holdDown({ ...context, flaps: [] })).toBe(2000);
  });
});

it('an unrivalled coordinator yields when asked, too', () => {
  expect(having(...unrivalled, transfer('1')).state).toBe('yielding');
});

describe('a coordinator whose successor has begun', () => {
  const handedOver = [...inOffice, transfer('1'), ended];
  const late = elapsed('coordinatorTimeout', 'election.handedOver') as ElectionEvent;

  it('is out of office, and waits for it to lead', () => {
    expect(having(...handedOver)).toMatchObject({
      state: 'handedOver',
      effects: [{ type: 'lost' }],
      context: { coordinator: null, successor: '1' },
    });
    expect(having(...handedOver, followed('1', term3)).state).toBe('direct');
  });

  it('answers lower challengers, takes no notice of higher ones, and decides anew when nobody leads', () => {
    expect(having(...handedOver, challenge('1')).effects).toMatchObject([
      { message: { type: 'election.answer' } },
    ]);
    expect(having(...handedOver, challenge('3')).effects).toEqual([]);
    expect(having(...handedOver, late).state).toBe('challenging');
  });
});

describe('a follower whose coordinator names another one', () => {
  it('waits for that one to lead instead of running itself', () => {
    const yields = heartbeat('4', { coordinator: '3' });

    expect(having(...everybodyHeard, heartbeat('4', hears4), followed('4', term1), yields)).toMatchObject({
      state: 'promised',
      effects: [],
    });
  });
});

describe('a follower whose promise a candidate has', () => {
  const promised: ElectionEvent = { type: 'term.promised', term: term(2, '3') };
  const following = [...everybodyHeard, heartbeat('4', hears4), followed('4', term1), promised];

  it('takes the old coordinator’s resignation for no reason to run itself', () => {
    expect(having(...following, heartbeat('4'))).toMatchObject({ state: 'promised', effects: [] });
  });

  it('follows the candidate once it leads, and decides anew when it never does', () => {
    const late = elapsed('coordinatorTimeout', 'election.following.promised') as ElectionEvent;

    expect(having(...following, followed('3', term(2, '3'))).state).toBe('direct');
    expect(having(...following, heartbeat('4'), late).state).toBe('challenging');
  });
});

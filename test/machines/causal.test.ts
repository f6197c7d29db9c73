import fc from 'fast-check';
import { type CausalEvent, causalMachine } from '../../machines/causal.js';
import { ATTEMPTS_MAX, type Broadcast, HELD_MAX, KEPT_MAX } from '../../machines/causal-rules.js';
import type { PeerId } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, having as havingIn } from '../support/event-table.js';
import { start, step } from '../support/step.js';

const us = (me: PeerId) => ({ me, life: 1, fetchIntervalMs: 100 });
const seen = (peer: PeerId, count: number) => ({ peer, life: 1, count });
const said = (origin: PeerId, ...stamp: readonly ReturnType<typeof seen>[]): Broadcast => ({
  type: 'causal.message',
  from: origin,
  origin,
  stamp,
  topic: 'general',
  payload: `${origin}${stamp.find(({ peer }) => peer === origin)?.count}`,
});
const others: CausalEvent = { type: 'others.changed', others: ['2', '3'] };
const say = (payload: unknown): CausalEvent => ({ type: 'broadcast.wanted', topic: 'general', payload });
const again: CausalEvent = elapsed('fetchInterval', 'causal.holdingBack.asking');
const later: CausalEvent = elapsed('fetchInterval', 'causal.catchingUp');
const gossip: CausalEvent = { type: 'gossip.due' };

const having = (...events: readonly CausalEvent[]) => {
  const [{ value: states, context }, effects] = havingIn(causalMachine, us('1'), [others, ...events]);
  return {
    queue: typeof states === 'string' ? states : Object.keys(states)[0],
    held: context.held.length,
    delivered: effects.flatMap((effect) =>
      effect.type === 'delivered' ? (effect.messages as Broadcast[]).map(({ payload }) => payload) : [],
    ),
    letters: effects.flatMap((effect) => (effect.type === 'sendEach' ? (effect.letters as object[]) : [])),
  };
};

describe('the causal channel', () => {
  it('delivers here what is said here, and sends it to all others, stamped with what came before', () => {
    expect(having(said('2', seen('2', 1)), say('hello'))).toMatchObject({
      delivered: ['hello'],
      letters: [{ to: ['2', '3'], message: { origin: '1', stamp: [seen('2', 1), seen('1', 1)] } }],
    });
  });

  it('delivers what comes in order at once, and once', () => {
    expect(having(said('2', seen('2', 1)))).toMatchObject({ queue: 'delivering', delivered: ['21'] });
    expect(having(said('2', seen('2', 1)), said('2', seen('2', 1))).delivered).toEqual([]);
  });

  it('holds back what speaks of more than was seen, and asks whoever sent it', () => {
    const answer = said('3', seen('3', 1), seen('2', 1));

    expect(having(answer)).toMatchObject({
      queue: 'holdingBack',
      held: 1,
      delivered: [],
      letters: [
        {
          to: ['3'],
          message: { type: 'causal.fetch', wanted: [{ peer: '3', after: 0, upTo: 1 }, { peer: '2' }] },
        },
      ],
    });
    expect(having(answer, said('2', seen('2', 1)))).toMatchObject({
      queue: 'delivering',
      held: 0,
      delivered: ['21', '31'],
    });
  });

  it('asks another where one did not answer, each in turn', () => {
    const answer = said('3', seen('3', 1), seen('2', 1));
    const asked = (...events: readonly CausalEvent[]) => having(answer, ...events).letters;

    expect([asked(again), asked(again, again), asked(again, again, again)]).toMatchObject([
      [{ to: ['3'] }],
      [{ to: ['2'] }],
      [{ to: ['3'] }],
    ]);
  });

  // 5 peers, 60 messages a second: one that came back asked all others at every heartbeat, and never got through with the answers.
  it('asks one teller, and nobody again before it can have answered', () => {
    const told = (from: PeerId, count: number): CausalEvent => ({
      type: 'causal.digest',
      from,
      clock: [seen('2', count)],
    });

    expect(having(told('3', 4))).toMatchObject({ queue: 'catchingUp', letters: [{ to: ['3'] }] });
    expect(having(told('3', 4), told('2', 5)).letters).toEqual([]);
    expect(having(told('3', 4), said('2', seen('2', 9)))).toMatchObject({
      queue: 'holdingBack',
      letters: [],
    });
    expect(having(told('3', 4), said('2', seen('2', 9)), told('2', 9)).letters).toEqual([]);
    expect(having(told('3', 4), later, told('2', 5)).letters).toMatchObject([{ to: ['2'] }]);
    expect(
      having(told('3', 4), said('2', seen('2', 9)), elapsed('fetchInterval', 'causal.holdingBack.waiting'))
        .letters,
    ).toMatchObject([{ to: ['2'], message: { wanted: [{ upTo: 9 }] } }]);
  });

  it('asks again, and goes on without what nobody has', () => {
    const answer = said('3', seen('3', 1), seen('2', 1));
    const asked = Array.from({ length: ATTEMPTS_MAX }, () => again);

    expect(having(answer, again).letters).toMatchObject([{ message: { type: 'causal.fetch' } }]);
    expect(having(answer, ...asked)).toMatchObject({ queue: 'delivering', delivered: ['31'] });
    // It came too late: what spoke of it has been delivered.
    expect(having(answer, ...asked, said('2', seen('2', 1))).delivered).toEqual([]);
  });

  it('says again what it keeps, to whoever asks', () => {
    const fetch: CausalEvent = {
      type: 'causal.fetch',
      from: '3',
      wanted: [{ peer: '2', life: 1, after: 1, upTo: 9 }],
    };

    expect(having(said('2', seen('2', 1)), said('2', seen('2', 2)), fetch).letters).toEqual([
      { to: ['3'], message: { ...said('2', seen('2', 2)), from: '1' } },
    ]);
  });

  it('tells what it has seen now and then, and asks for what others have seen', () => {
    const digest: CausalEvent = { type: 'causal.digest', from: '3', clock: [seen('2', 2)] };

    expect(having(gossip).letters).toEqual([]);
    expect(having(say('x'), gossip).letters).toMatchObject([
      { to: ['2', '3'], message: { type: 'causal.digest', clock: [seen('1', 1)] } },
    ]);
    expect(having(said('2', seen('2', 1)), digest).letters).toMatchObject([
      { to: ['3'], message: { wanted: [{ peer: '2', after: 1, upTo: 2 }] } },
    ]);
    expect(having(said('2', seen('2', 1)), said('2', seen('2', 2)), digest).letters).toEqual([]);
  });

  it('begins where the others stand when they are far ahead, with what it holds back from there on', () => {
    const far = (count: number): CausalEvent => ({
      type: 'causal.digest',
      from: '3',
      clock: [seen('2', count)],
    });
    const next = said('2', seen('2', HELD_MAX + 2));

    expect(having(far(HELD_MAX)).letters).toMatchObject([{ message: { type: 'causal.fetch' } }]);
    expect(having(far(HELD_MAX + 1)).letters).toEqual([]);
    expect(having(next, far(HELD_MAX + 1)).delivered).toEqual([`2${HELD_MAX + 2}`]);
    expect(having(far(HELD_MAX + 1), said('2', seen('2', 1)), next).delivered).toEqual([`2${HELD_MAX + 2}`]);
    // Somebody may still keep what one lacks who has listened for a while.
    const listened = said('2', seen('2', 1));
    expect(having(listened, far(KEPT_MAX + 1)).letters).toMatchObject([
      { message: { type: 'causal.fetch' } },
    ]);
    expect(having(listened, far(KEPT_MAX + 2)).letters).toEqual([]);
  });

  it('begins anew with whoever has started anew', () => {
    const reborn = { ...said('2'), stamp: [{ peer: '2', life: 5, count: 1 }] };

    expect(having(said('2', seen('2', 1)), reborn).delivered).toHaveLength(1);
    expect(having(reborn, said('2', seen('2', 1))).delivered).toEqual([]);
  });

  it('counts on from a life it meets again, though the clock says that ours began earlier', () => {
    const met = (count: number) => ({ ...said('1', { peer: '1', life: 9, count }), from: '2' });

    expect(having(met(1), say('hello')).letters).toMatchObject([
      { message: { stamp: [{ peer: '1', life: 10, count: 1 }] } },
    ]);
    expect(having(met(1), say('hello'), met(1)).delivered).toEqual([]);
  });

  it('holds so many back at most', () => {
    const flood = Array.from({ length: 120 }, (_, i) => said('2', seen('2', i + 2)));

    expect(having(...flood).held).toBe(HELD_MAX);
  });

  // Birman et al. 1991: if one message was delivered where another was sent, it comes first everywhere.
  it('never delivers a message before one that its sender had seen, in whatever order they come', () => {
    const speakers = fc.array(fc.record({ by: fc.nat(2), hears: fc.array(fc.nat(5), { maxLength: 3 }) }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(speakers, fc.array(fc.nat(), { maxLength: 40 }), (sayings, shuffle) => {
        const all: Broadcast[] = [];
        const machines = ['1', '2', '3'].map((id) => start(causalMachine, us(id))[0]);
        const pasts = new Map<Broadcast, readonly unknown[]>();
        const logs: unknown[][] = [[], [], []];
        const play = (at: number, event: CausalEvent) => {
          const [next, effects] = step(causalMachine, machines[at] as never, event);
          machines[at] = next as never;
          for (const effect of effects)
            if (effect.type === 'delivered') logs[at]?.push(...(effect.messages as Broadcast[]));
        };
        for (const { by, hears } of sayings) {
          for (const index of hears) {
            const heard = all[index];
            if (heard !== undefined) play(by, heard);
          }
          const past = [...(logs[by] ?? [])];
          play(by, say(all.length));
          const message = logs[by]?.at(-1) as Broadcast;
          all.push(message);
          pasts.set(message, past);
        }
        for (const [index, at] of shuffle.map((n) => [n % Math.max(1, all.length), n % 3] as const)) {
          const message = all[index];
          if (message !== undefined) play(at, message);
        }
        for (const message of all) for (const at of [0, 1, 2]) play(at, message);
        for (const log of logs) {
          expect(log).toHaveLength(all.length);
          log.forEach((message, place) => {
            for (const before of pasts.get(message as Broadcast) ?? [])
              expect(log.indexOf(before)).toBeLessThan(place);
          });
        }
      }),
      { numRuns: 200 },
    );
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(causalMachine));

/** The classroom's engine: a settled cluster at 0, one trace for one script, and each act doing what it says. */

import type { Act } from '../../apps/classroom/contract.js';
import { headless } from '../../apps/classroom/engine/index.js';
import {
  classic,
  endsOf,
  eventsOf,
  five,
  hashOf,
  leadersAt,
  read,
  script,
  sentAt,
  statusesAt,
  three,
} from './engine-traces.js';

const crash = (peer: string, at: number, isPowerCut = true): Act => ({
  kind: 'crash',
  at,
  forMs: 100_000,
  peer,
  isPowerCut,
});

const HEARTBEAT = 'failure.heartbeat';

describe('a run', () => {
  it('begins with a cluster in which all vote, the highest leads, and nothing is under way', () => {
    const [header, ...lines] = headless(script(five), 0);
    const events = read([header ?? '', ...lines]);

    expect(JSON.parse(header ?? '')).toMatchObject({ v: 1, members: five });
    expect(leadersAt(events, 0)).toEqual(['5']);
    expect([...statusesAt(events, 0).values()].map(({ coordinator }) => coordinator)).toEqual(
      Array(5).fill('5'),
    );
    expect(events.filter(({ k }) => k === 'receive')).toEqual([]);
  });

  it('is the same trace, to the byte, whenever its script is played', () => {
    const acts = [crash('3', 200)];

    expect(hashOf(headless(script(three, acts), 3000))).toBe(hashOf(headless(script(three, acts), 3000)));
    expect(hashOf(headless(script(three, acts, { seed: 2 }), 3000))).not.toBe(
      hashOf(headless(script(three, acts), 3000)),
    );
  });

  it('numbers its records without holes, and names as causes only what came before', () => {
    const events = eventsOf(three, [crash('3', 200)], 2000);

    expect(events.map(({ s }) => s)).toEqual(events.map((_, place) => place + 1));
    expect(events.filter(({ s, c }) => c !== undefined && c >= s)).toEqual([]);
    expect(events.every(({ t }, place) => t >= (events[place - 1]?.t ?? 0))).toBe(true);
  });

  it('lets every message be received once, or lost, at the time that was told, caused by its sending', () => {
    const events = eventsOf(three, [crash('3', 200)], 3000);
    const sent = events.filter(({ k, t }) => k === 'send' && t < 2900);
    const bySend = new Map(events.map((event) => [event.s, event]));

    for (const { m, due, p, to } of sent) {
      const [end, ...more] = endsOf(events, m);
      expect(more).toEqual([]);
      expect(bySend.get(end?.c ?? 0)?.m).toBe(m);
      if (end?.k !== 'receive') continue;
      expect(end).toMatchObject({ fr: p, p: to });
      expect(end.t).toBeCloseTo(due ?? -1, 2);
    }
    expect(sent.length).toBeGreaterThan(100);
  });

  it('tells of every timer that is set that it fires when it is due, or is taken back', () => {
    const events = eventsOf(three, [], 1500);
    const pending = new Map<string, number>();
    let fired = 0;
    for (const { k, p, a, ev, t, due } of events) {
      const timer = `${p} ${a} ${ev}`;
      if (k === 'timer-set') pending.set(timer, due ?? -1);
      else if (k === 'timer-cleared') expect(pending.delete(timer)).toBe(true);
      else if (k === 'timer') {
        expect(t).toBeCloseTo(pending.get(timer) ?? -1, 2);
        pending.delete(timer);
        fired += 1;
      }
    }

    expect(fired).toBeGreaterThan(20);
    expect([...pending.values()].filter((due) => due < 1500)).toEqual([]);
  });

  it('elects the highest that is left, whether it is told of the crash or hears only silence', () => {
    const silent = eventsOf(three, [crash('3', 200)], 3000);
    const loud = eventsOf(three, [crash('3', 200, false)], 3000);
    const firstOf = (events: typeof silent) =>
      events.find(({ k, p, role }) => k === 'status' && p === '2' && role === 'coordinator');

    expect(leadersAt(silent, 3000)).toEqual(['2']);
    expect(statusesAt(silent, 3000).get('3')?.role).toBe('down');
    expect(firstOf(loud)?.t).toBeLessThan(400);
    expect(firstOf(silent)?.t).toBeGreaterThan(450);
  });

  it('tells of faults in words, when they begin and when they end', () => {
    const pause: Act = { kind: 'pause', at: 100, forMs: 50, peer: '2' };
    const faults = eventsOf(three, [pause], 200).filter(({ k }) => k === 'fault');

    expect(faults.map(({ t, phase, words, act }) => ({ t, phase, words, act }))).toEqual([
      { t: 100, phase: 'begin', words: '2 is paused', act: pause },
      { t: 150, phase: 'end', words: '2 goes on', act: pause },
    ]);
  });

  it('says what was delivered, and where it stands', () => {
    const load: Act = {
      kind: 'load',
      at: 100,
      peer: '1',
      count: 2,
      everyMs: 100,
      bytes: 0,
      isRetried: false,
      timeoutMs: null,
      text: 'hello',
    };
    const delivered = eventsOf(three, [load], 1000).filter(
      ({ k, sequence }) => k === 'delivery' && sequence !== undefined,
    );

    expect(delivered.map(({ p, sequence, origin, text }) => [p, sequence, origin, text])).toEqual(
      expect.arrayContaining(
        three.flatMap((p) => [
          [p, 1, '1', 'hello 1'],
          [p, 2, '1', 'hello 2'],
        ]),
      ),
    );
    expect(delivered).toHaveLength(6);
  });
});

describe('a network', () => {
  it('loses the share of messages that it is told to', () => {
    const events = eventsOf(three, [], 4000, { network: { latency: 20, loss: 0.1 } });
    const sent = events.filter(({ k, p, to }) => k === 'send' && p !== to);
    const dropped = events.filter(({ k, why }) => k === 'lost' && why === 'dropped');

    expect(dropped.length / sent.length).toBeGreaterThan(0.05);
    expect(dropped.length / sent.length).toBeLessThan(0.16);
  });

  it('takes between the times that it is told, and keeps the order of a path', () => {
    const events = eventsOf(three, [], 1500, { network: { latency: { from: 4, to: 76 } } });
    const flights = events
      .filter(({ k, p, to }) => k === 'send' && p !== to)
      .map(({ t, due, p, to }) => ({ path: `${p}>${to}`, due: due ?? 0, takesMs: (due ?? 0) - t }));

    expect(Math.min(...flights.map(({ takesMs }) => takesMs))).toBeGreaterThanOrEqual(4 - 0.01);
    expect(Math.max(...flights.map(({ takesMs }) => takesMs))).toBeGreaterThan(50);
    for (const path of new Set(flights.map((flight) => flight.path))) {
      const dues = flights.filter((flight) => flight.path === path).map(({ due }) => due);
      expect(dues).toEqual([...dues].sort((a, b) => a - b));
    }
  });

  it('loses at a cut what should arrive there, and lets it wait where a host is stopped', () => {
    const cut = eventsOf(three, [{ kind: 'cut', at: 100, forMs: 300, from: '3', to: '1' }], 600);
    const lost = cut.filter(({ k, why }) => k === 'lost' && why === 'cut');
    const paused = eventsOf(three, [{ kind: 'pause', at: 100, forMs: 300, peer: '1' }], 600);
    const heard = paused.filter(({ k, p, m }) => k === 'receive' && p === '1' && m !== undefined);

    expect(lost.length).toBeGreaterThan(0);
    expect(lost.every(({ fr, to }) => fr === '3' && to === '1')).toBe(true);
    expect(heard.filter(({ t }) => t > 100 && t < 400)).toEqual([]);
    expect(heard.filter(({ t }) => t === 400).length).toBeGreaterThan(2);
  });
});

describe('an act on a message', () => {
  const plain = eventsOf(three, [], 700);
  const beat = sentAt(plain, 200, HEARTBEAT, '3');
  const which = { id: beat.m ?? '' };
  const [heard] = endsOf(plain, beat.m);
  const endsWith = (act: Act, untilMs = 700) => endsOf(eventsOf(three, [act], untilMs), beat.m);

  it('drops it, before it is sent or on its way', () => {
    const atOnce = endsWith({ kind: 'drop', at: 0, which });
    const onItsWay = endsWith({ kind: 'drop', at: beat.t + 5, which });

    expect(heard).toMatchObject({ k: 'receive', t: beat.due });
    expect(atOnce).toMatchObject([{ k: 'lost', why: 'dropped', p: '', fr: '3', to: beat.to }]);
    expect(atOnce[0]?.t).toBeCloseTo(beat.t + 10, 2);
    expect(onItsWay).toMatchObject([{ k: 'lost', why: 'dropped', t: beat.t + 5 }]);
  });

  it('holds it until it is delivered', () => {
    const hold: Act = { kind: 'hold', at: beat.t + 5, which };
    const held = eventsOf(three, [hold], 700);
    const act = held.find(({ k }) => k === 'fault');
    const released = eventsOf(three, [hold, { kind: 'deliver', at: 500, which }], 700);

    expect(act).toMatchObject({ m: beat.m, due: null, phase: 'begin' });
    expect(endsOf(held, beat.m)).toEqual([]);
    expect(endsOf(released, beat.m)).toMatchObject([{ k: 'receive', t: 500, p: beat.to }]);
  });

  it('holds it from the start when it is named before it is sent', () => {
    const events = eventsOf(three, [{ kind: 'hold', at: 0, which }], 700);

    expect(events.find(({ k, m }) => k === 'send' && m === beat.m)).toMatchObject({ due: null });
    expect(endsOf(events, beat.m)).toEqual([]);
  });

  it('delays it, and nothing behind it', () => {
    const delay: Act = { kind: 'delay', at: 0, which, byMs: 150 };
    const events = eventsOf(three, [delay], 700);
    const times = (of: typeof events) =>
      of
        .filter(({ k, p, fr, m }) => k === 'receive' && p === beat.to && fr === '3' && m !== beat.m)
        .map(({ m, t }) => [m, t]);

    expect(endsOf(events, beat.m)[0]?.t).toBeCloseTo((beat.due ?? 0) + 150, 2);
    expect(times(events).slice(0, 5)).toEqual(times(plain).slice(0, 5));
  });

  it('lets it take less, but never so little that it arrives before that is said', () => {
    const sooner = (at: number, byMs: number) => endsWith({ kind: 'delay', at, which, byMs })[0]?.t;

    expect(sooner(0, -8)).toBeCloseTo((beat.due ?? 0) - 8, 2);
    expect(sooner(beat.t + 5, -1000)).toBeCloseTo(beat.t + 5, 2);
  });

  it('doubles it', () => {
    const ends = endsWith({ kind: 'duplicate', at: 0, which });

    expect(ends).toMatchObject([
      { k: 'receive', t: beat.due },
      { k: 'receive', isCopy: true },
    ]);
    expect(ends[1]?.t).toBeCloseTo((beat.due ?? 0) + 20, 2);
  });

  it('lets it arrive now', () => {
    expect(endsWith({ kind: 'deliver', at: beat.t + 5, which })).toMatchObject([
      { k: 'receive', t: beat.t + 5 },
    ]);
  });

  it('lets through what the network would have lost, when that is said before it is sent', () => {
    const network = { network: { latency: 20, loss: 0.2 } };
    const lossy = eventsOf(three, [], 700, network);
    const lost = lossy.find(({ k, why, ev }) => k === 'lost' && why === 'dropped' && ev === HEARTBEAT);
    const events = eventsOf(three, [{ kind: 'deliver', at: 0, which: { id: lost?.m ?? '' } }], 700, network);

    expect(endsOf(events, lost?.m)).toMatchObject([{ k: 'receive', m: lost?.m }]);
  });

  it('is a rule for all that match, as long and as many as it says', () => {
    const rule = (which: object): Act => ({ kind: 'drop', at: 200, which }) as Act;
    const lostBy = (act: Act) =>
      eventsOf(three, [act], 1000).filter(({ k, why }) => k === 'lost' && why === 'dropped');
    const two = lostBy(rule({ from: '3', to: '1', type: HEARTBEAT, most: 2 }));
    const lasting = lostBy(rule({ from: '3', to: '1', forMs: 300 }));

    expect(two.map(({ fr, to, ev }) => [fr, to, ev])).toEqual(Array(2).fill(['3', '1', HEARTBEAT]));
    expect(lasting.length).toBeGreaterThan(2);
    expect(lasting.every(({ t, fr, to }) => t >= 200 && t <= 520 && fr === '3' && to === '1')).toBe(true);
  });
});

describe('an act on a timer', () => {
  const set = eventsOf(three, [], 100).find(
    ({ k, p, a, ev }) =>
      k === 'timer-set' && p === '2' && a === 'failure-detector:3' && ev?.includes('heartbeatInterval'),
  );
  const timer = { kind: 'timer', at: 10, peer: '2', actor: set?.a ?? '', event: set?.ev ?? '' } as const;
  const firstFired = (toMs: number) =>
    eventsOf(three, [{ ...timer, toMs }], 600).find(
      ({ k, p, a, ev, t }) => k === 'timer' && t >= 10 && p === '2' && a === set?.a && ev === set?.ev,
    );

  it('fires it now, or later than it was due', () => {
    expect(set?.due).toBeLessThan(300);
    expect(firstFired(0)?.t).toBe(10);
    expect(firstFired(400)?.t).toBe(410);
  });

  it('says so when no such timer is set', () => {
    const [told] = eventsOf(three, [{ ...timer, event: 'xstate.after.nothing', toMs: 0 }], 50).filter(
      ({ k }) => k === 'fault',
    );

    expect(told).toMatchObject({ isMissed: true });
  });
});

describe('the two modes', () => {
  const split: Act = {
    kind: 'partition',
    at: 200,
    forMs: 20_000,
    sides: [
      ['1', '2'],
      ['3', '4', '5'],
    ],
  };

  it('has two coordinators in a split classic cluster, of one term each', () => {
    expect(leadersAt(eventsOf(five, [split], 6000, classic), 6000)).toEqual(
      expect.arrayContaining(['2', '5']),
    );
  });

  it('has never two coordinators of one term in a safe one, and none in the smaller part', () => {
    const events = eventsOf(five, [split], 6000);
    const reigns = events.filter(
      ({ k, role, coordinator, p }) => k === 'status' && role === 'coordinator' && coordinator === p,
    );
    const owners = new Map<unknown, Set<string>>();
    for (const { term, p } of reigns) owners.set(term, (owners.get(term) ?? new Set()).add(p));

    expect([...owners.values()].every((ids) => ids.size === 1)).toBe(true);
    expect(leadersAt(events, 6000)).toEqual(['5']);
  });

  it('checks what is promised, when asked to', () => {
    const lines = headless(script(three, [crash('3', 200)]), 2000, { isChecked: true });

    expect(read(lines).filter(({ k }) => k === 'violation')).toEqual([]);
    expect(lines).toEqual(headless(script(three, [crash('3', 200)]), 2000));
  });
});

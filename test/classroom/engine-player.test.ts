/** Going on where a run stands, and forks: no replay may be told from a fresh run, and no act reaches further than its causes. */
import type { Act, Script, TraceEvent } from '../../apps/classroom/contract.js';
import { createEngine, fork, headless, withAct } from '../../apps/classroom/engine/index.js';
import { Player } from '../../apps/classroom/engine/player.js';
import { eventsOf, five, hashOf, script, three } from './traces.js';

const crash: Act = { kind: 'crash', at: 700, forMs: 400, peer: '3', isPowerCut: true };
const drop: Act = { kind: 'drop', at: 650, which: { from: '2', to: '1' } };

/** Plays in slices of so many steps, as an engine does. */
class Listener {
  readonly player = new Player();
  lines: string[] = [];
  fresh = 0;

  play(wanted: Script, untilMs: number, steps = Number.MAX_SAFE_INTEGER): void {
    this.player.take(wanted);
    let left = steps;
    const isTimeUp = () => {
      left -= 1;
      return left === 0;
    };
    const hear = (part: { lines: readonly string[]; isFresh: boolean }) => {
      if (part.isFresh) this.lines = [];
      this.fresh += Number(part.isFresh);
      this.lines.push(...part.lines);
    };
    while (!this.player.goOn(untilMs, isTimeUp, hear)) left = steps;
  }
}

describe('a player', () => {
  it('tells the same trace in slices, in parts, and at once', () => {
    const listener = new Listener();
    listener.play(script(three, [crash]), 400, 7);
    listener.play(script(three, [crash]), 1500, 100);

    expect(listener.fresh).toBe(1);
    expect(hashOf(listener.lines)).toBe(hashOf(headless(script(three, [crash]), 1500)));
  });

  it('goes on without replay when acts are added that lie ahead, and leaves no trace of having done so', () => {
    const listener = new Listener();
    listener.play(script(three), 600);
    const later = withAct(withAct(script(three), crash), drop);
    listener.play(later, 1500);

    expect(listener.fresh).toBe(1);
    expect(hashOf(listener.lines)).toBe(hashOf(headless(later, 1500)));
  });

  it('goes on when an act that lies ahead is taken back', () => {
    const listener = new Listener();
    listener.play(script(three, [crash]), 600);
    listener.play(script(three), 1000);

    expect(listener.fresh).toBe(1);
    expect(hashOf(listener.lines)).toBe(hashOf(headless(script(three), 1000)));
  });

  it('plays anew when the past is another, or the scenario', () => {
    const listener = new Listener();
    listener.play(script(three), 800);
    listener.play(withAct(script(three), crash), 800);
    listener.play(script(three, [crash], { seed: 2 }), 300);

    expect(listener.fresh).toBe(3);
    expect(hashOf(listener.lines)).toBe(hashOf(headless(script(three, [crash], { seed: 2 }), 300)));
  });
});

describe('an engine on the thread', () => {
  it('plays the last that it was asked for, and nothing else any more', async () => {
    const engine = createEngine({ startWorker: null });
    const told: string[][] = [[], []];
    const hear = (place: number) => (part: { lines: readonly string[] }) => told[place]?.push(...part.lines);
    const first = engine.play(script(three, [], { seed: 3 }), 60_000, hear(0));
    await engine.play(script(three), 300, hear(1));
    await first;
    engine.close();

    expect(hashOf(told[1] ?? [])).toBe(hashOf(headless(script(three), 300)));
    expect(told[0]?.length ?? 0).toBeLessThan(10_000);
  });

  it('says why a script cannot be played', async () => {
    const options = {
      preset: 'fast',
      timings: { coordinatorTimeoutMs: 2000, collectTimeoutMs: 1 },
    } as const;
    const engine = createEngine({ startWorker: null });

    await expect(engine.play(script(three, [], { options }), 100, () => {})).rejects.toThrow(
      'no cluster comes about',
    );
    engine.close();
  });
});

describe('a fork', () => {
  it('keeps what was done before, and not what was to come', () => {
    const whole = script(three, [drop, crash]);

    expect(fork(whole, 700).acts).toEqual([drop]);
    expect(fork(whole, 700, 'another way').name).toBe('another way');
  });
});

describe('dropping one message', () => {
  /** What a peer lives through, without the numbers of records. */
  const lifeOf = (events: readonly TraceEvent[], peer: string) =>
    events.filter(({ p }) => p === peer).map(({ s: _, c: __, ...event }) => JSON.stringify(event));

  it.each([1, 2, 3])('changes nothing that does not follow from it, with seed %i', (seed) => {
    const more = { seed, network: { latency: { from: 4, to: 76 }, loss: 0.03 } };
    const untilMs = 1200;
    const plain = eventsOf(five, [crash], untilMs, more);
    const candidates = plain.filter(
      ({ k, t, p, fr, m }) => k === 'receive' && t > 500 && m !== undefined && p !== fr,
    );
    const dropped = candidates[(seed * 37) % candidates.length];
    const events = eventsOf(
      five,
      [crash, { kind: 'drop', at: 0, which: { id: dropped?.m ?? '' } }],
      untilMs,
      more,
    );

    // When news of it could have come to each peer: over any chain of messages, in either run.
    const touched = new Map<string, number>();
    if (dropped !== undefined) touched.set(dropped.p, dropped.t);
    const flights = [...plain, ...events]
      .filter(({ k, due, p, to }) => k === 'send' && typeof due === 'number' && p !== to)
      .sort((a, b) => a.t - b.t);
    for (let round = 0; round < five.length; round++)
      for (const { p, to = '', t, due } of flights) {
        const since = touched.get(p);
        if (since === undefined || t < since) continue;
        touched.set(to, Math.min(touched.get(to) ?? Number.POSITIVE_INFINITY, due ?? 0));
      }
    let compared = 0;
    for (const peer of five) {
      const since = touched.get(peer) ?? untilMs;
      const lived = (of: readonly TraceEvent[]) =>
        lifeOf(
          of.filter(({ t }) => t < since),
          peer,
        );
      expect(lived(events)).toEqual(lived(plain));
      compared += lived(plain).length;
    }
    expect(dropped).toBeDefined();
    expect(compared).toBeGreaterThan(300);
    expect(events.find(({ k, m }) => k === 'lost' && m === dropped?.m)).toBeDefined();
  });
});

/** Systems under all faults: hosted by every peer, their own invariants at every step (I18), each of which can fail. */
import { referenceOf } from '../../apps/auction/auction-rules.js';
import { type Life, phaseOf } from '../../apps/auction/life.js';
import type { Auctions } from '../../apps/auction/state.js';
import type { advance } from '../../apps/chat/state.js';
import type { SensorState } from '../../apps/sensor/state.js';
import {
  FAULT_KINDS,
  planOf,
  Scenario,
  type SimulatedSystem,
  SYSTEM_NAMES,
  SYSTEMS,
  simulate,
} from '../../apps/simulator/index.js';
import { secretOf } from '../../apps/simulator/system-auction.js';

const SEEDS = Number(process.env.SYSTEM_SEEDS ?? 1);
// One in which time-outs are short, and there is much of everything.
const first = Number(process.env.SIMULATION_SEED ?? 16);

describe.each(SYSTEM_NAMES)('%s under faults', (system) => {
  it.each(Array.from({ length: SEEDS }, (_, place) => first + place))(
    'seed %i breaks no invariant, and much takes effect',
    (seed) => {
      const { violation, effects } = simulate(planOf(seed, { peers: 3, kinds: FAULT_KINDS, system }));

      expect(violation).toBeNull();
      expect(effects).toBeGreaterThan(10);
    },
  );
});

/** Nothing fails, and everybody submits. */
const busy = Scenario.parse({
  seed: 1,
  peers: ['1', '2', '3'],
  horizonMs: 3000,
  faults: ['1', '2', '3'].map((peer) => ({
    ...{ kind: 'load', at: 1000, peer, count: 100, everyMs: 15, bytes: 0, isRetried: false },
  })),
});

/** The energy market with something wrong in it. */
type Market = SimulatedSystem<{ readonly accounts: readonly { readonly balance: number }[] }, object, object>;
const energy = SYSTEMS.energy as unknown as Market;
const flawed = (apply: Market['replica']['apply']): SimulatedSystem =>
  ({ ...energy, replica: { ...energy.replica, apply } }) as unknown as SimulatedSystem;

describe('a system with a flaw', () => {
  const { apply } = energy.replica;
  let calls = 0;
  const FLAWS: readonly (readonly [string, RegExp, Market['replica']['apply']])[] = [
    [
      'gives credits away',
      /I18.*credits/,
      (state, command, place) => {
        const step = apply(state, command, place);
        if (place.sequence % 40 !== 0 || step.state.accounts.length === 0) return step;
        const [luckiest, ...others] = step.state.accounts;
        const richer = { ...luckiest, balance: (luckiest?.balance ?? 0) + 1 };
        return { ...step, state: { ...step.state, accounts: [richer, ...others] } };
      },
    ],
    [
      'asks something outside, so that members differ',
      /I18.*is not that of others/,
      (state, command, place) => {
        const step = apply(state, command, place);
        calls += 1;
        return { ...step, state: { ...step.state, calls } };
      },
    ],
  ];

  it.each(FLAWS)('that %s is found out', (_, words, wrong) => {
    const { violation } = simulate(busy, undefined, flawed(wrong));

    expect(`${violation?.invariant}: ${violation?.detail}`).toMatch(words);
  });

  it('that lets something take effect twice is found out', () => {
    const twice: SimulatedSystem = {
      ...SYSTEMS.energy,
      effectsOf: ({ sequence, cause }) => (cause === 'command' ? [`thing ${sequence % 100}`] : []),
    };

    const { violation } = simulate(busy, undefined, twice);

    expect(violation?.detail).toMatch(/^I18: thing \d+ at \d+ and, on \d, at \d+$/);
  });
});

/** A system of which every step goes wrong in the same way. */
function spoilt<State>(
  system: SimulatedSystem,
  spoil: (state: State, before: State) => State,
): SimulatedSystem {
  const { replica } = system;
  const { apply, expire = (state: unknown) => ({ state }) } = replica;
  return {
    ...system,
    replica: {
      ...replica,
      apply: (state, command, place) => {
        const step = apply(state, command, place);
        return { ...step, state: spoil(step.state as State, state as State) };
      },
      expire: (state, timer, place) => {
        const step = expire(state, timer, place);
        return { ...step, state: spoil(step.state as State, state as State) };
      },
    },
  };
}

const judged = (system: Parameters<typeof simulate>[2]) => {
  const { violation } = simulate(busy, undefined, system);
  return violation?.detail;
};

describe('auctions with a flaw', () => {
  it('that let somebody else win are found out', () => {
    const richer = (life: Life): Life => {
      const { context } = life;
      const winner = { name: context.bidders[0]?.name ?? 'nobody', total: 1 };
      return phaseOf(life) === 'closed' ? { ...life, context: { ...context, winner } } : life;
    };
    const system = spoilt<Auctions>(SYSTEMS.auction, (state, before) => ({
      ...state,
      closed: state.closed.map((life) => (before.closed.includes(life) ? life : richer(life))),
    }));

    expect(judged(system)).toMatch(
      /^I18: .*counted once more from the log: auction \d+ ends with .*, not with/,
    );
  });

  it('that let a bid be read while its round takes bids are found out', () => {
    const open = (life: Life): Life => {
      const { context } = life;
      const [first, ...others] = context.envelopes;
      if (phaseOf(life) !== 'bidding' || first === undefined) return life;
      const { amount } = secretOf(referenceOf(context), context.round, first.name);
      // Not where it belongs, but it can be read all the same.
      const hint = { ...first, seal: `${first.seal} ${amount}` };
      return { ...life, context: { ...context, envelopes: [hint, ...others] } };
    };
    const system = spoilt<Auctions>(SYSTEMS.auction, (state) => ({
      ...state,
      running: state.running.map(open),
    }));

    expect(judged(system)).toMatch(
      /^I18: .*the bid of p\d can be read while round \d of auction \d+ takes bids/,
    );
  });
});

describe('sensors with a flaw', () => {
  it('that keep more than they are to keep are found out', () => {
    const system = spoilt<SensorState>(SYSTEMS.sensor, (state, before) => ({
      ...state,
      sensors: state.sensors.map((sensor) => {
        const [past] = before.sensors.filter(({ id }) => id === sensor.id);
        const readings = [...(past?.readings ?? []), sensor.last].filter(
          ({ sequence }, place, all) => all.findIndex((one) => one.sequence === sequence) === place,
        );
        return { ...sensor, readings };
      }),
    }));

    expect(judged(system)).toMatch(/^I18: .*readings of \d are (kept, of at most|not in the order)/);
  });

  it('that lose a reading are found out', () => {
    const { replica } = SYSTEMS.sensor;
    const system: SimulatedSystem = {
      ...SYSTEMS.sensor,
      replica: {
        ...replica,
        apply: (state, command, place) =>
          place.sequence % 40 === 0
            ? { state, result: { kind: 'refused', reason: 'lost' } }
            : replica.apply(state, command, place),
      },
    };

    expect(judged(system)).toMatch(
      /^I18: .*from the log: (\d has published \d+ readings, not \d+|of \d the readings)/,
    );
  });
});

describe('a chat with a flaw', () => {
  const { chat } = SYSTEMS;
  /** Wrong at every delivery for which `isWrong` holds. */
  const wrongAt = (wrong: (...given: Parameters<typeof advance>) => ReturnType<typeof advance>) => ({
    ...chat,
    advance: (...[conversation, happening]: Parameters<typeof advance>) =>
      happening.type === 'payload.delivered' && happening.delivery.sequence % 40 === 0
        ? wrong(conversation, happening)
        : chat.advance(conversation, happening),
  });

  it('that loses a line is found out', () => {
    const losing = wrongAt((conversation) => ({ conversation, lines: [], requests: [] }));

    expect(judged(losing)).toMatch(/^I18: \d shows \d+ lines in \S+ behind \d+/);
  });

  it('that shows a line otherwise than it was said is found out', () => {
    const lying = wrongAt((conversation, happening) => {
      const outcome = chat.advance(conversation, happening);
      const lines = outcome.lines.map((line) =>
        line.kind === 'delivery'
          ? { ...line, delivery: { ...line.delivery, payload: { text: 'no' } } }
          : line,
      );
      return { ...outcome, lines };
    });

    expect(judged(lying)).toMatch(/^I18: \d has .*"no".* at \d+, others/);
  });

  it('that shows what is delivered as still on its way is found out', () => {
    const clinging: typeof chat = {
      ...chat,
      advance: (conversation, happening) => {
        const outcome = chat.advance(conversation, happening);
        const isOdd = happening.type === 'line.settled' && happening.number % 7 === 0;
        return isOdd ? { ...outcome, conversation } : outcome;
      },
    };

    expect(judged(clinging)).toMatch(/^I18: \d still shows ".*" as on its way/);
  });
});

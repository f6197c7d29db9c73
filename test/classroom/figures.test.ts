/** Figures of a stretch of a trace: of hand-made records, where every number can be told beforehand, and of a run of the peers. */
import type { TraceEvent } from '../../apps/classroom/contract.js';
import {
  createHistory,
  deliveryLags,
  doubtsIn,
  electionsOf,
  type History,
  heartbeatGaps,
  messageRates,
  OTHER_TYPES,
  recordsIn,
  type Span,
  spanAround,
} from '../../apps/classroom/history/index.js';
import { linesOf, runOf, statusOf } from './traces.js';

type Made = Partial<TraceEvent> & Pick<TraceEvent, 't' | 'p' | 'k'>;

function historyOf(records: readonly Made[]): History {
  const history = createHistory();
  history.append(linesOf(records));
  return history;
}
const inSpan = (history: History, span: Span) => recordsIn(history, span);
const heard = (t: number, p: string, fr: string, ev = 'failure.heartbeat'): Made => ({
  t,
  p,
  k: 'receive',
  fr,
  ev,
});
const sent = (t: number, p: string, ev: string, n?: number): Made => ({ t, p, k: 'send', to: '9', ev, n });
const delivered = (t: number, p: string, first: number, count = 1): Made => ({
  t,
  p,
  k: 'delivery',
  first,
  count,
});
const detects = (t: number, p: string, whom: string, st: string, was?: string): Made => ({
  t,
  p,
  k: 'transition',
  a: `failure-detector:${whom}`,
  ev: 'x',
  st,
  ...(was !== undefined && { was }),
});

describe('the stretch around the playhead', () => {
  const history = historyOf([heard(1000, '1', '2'), heard(61_000, '1', '2')]);

  it('ends with the trace at its end, begins with it at its beginning, and looks ahead a little between', () => {
    expect(spanAround(history, 61_000, 10_000)).toEqual({ from: 51_000, to: 61_000 });
    expect(spanAround(history, 1000, 10_000)).toEqual({ from: 1000, to: 11_000 });
    expect(spanAround(history, 30_000, 10_000)).toEqual({ from: 22_500, to: 32_500 });
    expect(spanAround(history, 30_000, 1e9)).toEqual({ from: 1000, to: 61_000 });
  });

  it('has the records after its beginning, up to its end', () => {
    expect(inSpan(history, { from: 1000, to: 61_000 }).map(({ t }) => t)).toEqual([61_000]);
    expect(inSpan(history, { from: 0, to: 60_000 }).map(({ t }) => t)).toEqual([1000]);
    expect(inSpan(createHistory(), { from: 0, to: 10 })).toEqual([]);
  });
});

describe('heartbeats', () => {
  it('are told apart by who sent them, and nothing else that is heard counts', () => {
    const history = historyOf([
      heard(0, '1', '2'),
      heard(50, '1', '3'),
      heard(60, '1', '2', 'sequencer.append'),
      heard(90, '4', '2'),
      heard(200, '1', '2'),
      heard(650, '1', '2'),
    ]);

    expect(heartbeatGaps(inSpan(history, { from: -1, to: 700 }), '1')).toEqual([
      {
        name: '2',
        points: [
          [200, 200],
          [650, 450],
        ],
      },
    ]);
  });
});

describe('gaps between heartbeats', () => {
  it('leave out those in which the other was suspected, or the observer itself had crashed', () => {
    const crash: Made = {
      ...{ t: 900, p: '', k: 'fault', phase: 'begin' },
      act: { kind: 'crash', at: 900, forMs: 0, peer: '1', isPowerCut: false },
    };
    const history = historyOf([
      heard(0, '1', '2'),
      heard(200, '1', '2'),
      detects(500, '1', '2', 'suspected.missing', 'verifying'),
      heard(700, '1', '2'),
      heard(890, '1', '2'),
      crash,
      heard(2000, '1', '2'),
      heard(2210, '1', '2'),
    ]);
    const [line] = heartbeatGaps(inSpan(history, { from: -1, to: 3000 }), '1');

    expect(line?.points.map(([, gap]) => gap)).toEqual([200, 190, 210]);
  });
});

describe('messages in a second', () => {
  it('are counted in whole seconds that do not move with the stretch', () => {
    const records = [
      sent(900, '1', 'election.start'),
      sent(1100, '1', 'election.start'),
      sent(1200, '1', 'sequencer.append', 0),
      sent(1999, '2', 'failure.heartbeat'),
      sent(2100, '1', 'election.start'),
      sent(3500, '1', 'election.start'),
    ];
    const history = historyOf(records);
    const rates = (from: number) => {
      const span = { from, to: 3600 };
      return messageRates(inSpan(history, span), span, 1000);
    };

    expect(rates(950)).toEqual([
      {
        name: 'election.start',
        points: [
          [1500, 1],
          [2500, 1],
        ],
      },
      {
        name: 'heartbeat',
        points: [
          [1500, 2],
          [2500, 0],
        ],
      },
    ]);
    expect(rates(950)).toEqual(rates(1000));
  });

  it('keep the five most frequent types, and put the others together', () => {
    const types = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const records = types.flatMap((type, place) =>
      Array.from({ length: 10 - place }, () => sent(100, '1', type)),
    );
    const span = { from: 0, to: 1000 };
    const rates = messageRates(inSpan(historyOf(records), span), span, 500);

    expect(rates.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'e', OTHER_TYPES]);
    expect(rates.at(-1)?.points).toEqual([
      [250, 18],
      [750, 0],
    ]);
  });
});

describe('what is still to be delivered', () => {
  it('counts from the first delivery on that is known, and goes on from what was known before the stretch', () => {
    const history = historyOf([
      statusOf(-10, '1', 'coordinator', '1', 1),
      statusOf(-10, '2', 'follower', '1', 1),
      delivered(0, '1', 40),
      delivered(10, '2', 40),
      delivered(20, '1', 41, 2),
      delivered(30, '2', 41),
      delivered(40, '2', 42),
    ]);
    const lagsIn = (span: Span) => deliveryLags(history, span, inSpan(history, span));

    expect(lagsIn({ from: -5, to: 50 }).map(({ points }) => points)).toEqual([
      [
        [-5, 0],
        [0, 0],
        [10, 0],
        [20, 0],
        [30, 0],
        [40, 0],
        [50, 0],
      ],
      [
        [-5, 0],
        [0, 1],
        [10, 0],
        [20, 2],
        [30, 1],
        [40, 0],
        [50, 0],
      ],
    ]);
    expect(lagsIn({ from: 25, to: 35 })[1]).toEqual({
      name: '2',
      points: [
        [25, 2],
        [30, 1],
        [35, 1],
      ],
    });
  });
});

describe('doubts', () => {
  it('are bands without holes, only of pairs in which there was one, and begin with what was held before', () => {
    const history = historyOf([
      detects(0, '1', '2', 'trusted'),
      detects(0, '1', '3', 'trusted'),
      detects(100, '1', '2', 'verifying', 'trusted'),
      detects(150, '1', '2', 'suspected.missing', 'verifying'),
      detects(190, '1', '2', 'suspected.gone', 'suspected.missing'),
      detects(400, '1', '2', 'trusted', 'suspected.gone'),
    ]);
    const doubts = (span: Span) => doubtsIn(history, span, inSpan(history, span));

    expect(doubts({ from: 50, to: 500 })).toEqual([
      {
        observer: '1',
        subject: '2',
        bands: [
          { from: 50, to: 100, state: 'trusted' },
          { from: 100, to: 150, state: 'verifying' },
          { from: 150, to: 400, state: 'suspected' },
          { from: 400, to: 500, state: 'trusted' },
        ],
      },
    ]);
    expect(doubts({ from: 160, to: 200 })[0]?.bands).toEqual([{ from: 160, to: 200, state: 'suspected' }]);
    expect(doubts({ from: 410, to: 500 })).toEqual([]);
  });
});

describe('elections of the shipped peers', () => {
  const crash = { kind: 'crash', at: 200, forMs: 5000, peer: '5', isPowerCut: true } as const;
  const history = createHistory();
  history.append(runOf(1, [crash], { peers: 5, untilMs: 1200 }));

  it('begin with the first candidate and last until nobody runs any more, and those at one time are one', () => {
    const elections = electionsOf(history);
    const [first] = elections;
    const end = (first?.at ?? 0) + (first?.tookMs ?? 0);
    const faces = Object.values(history.worldAt(history.placeAt(end)).peers);

    expect(elections).toHaveLength(1);
    expect(first?.leader).toBe('4');
    expect(first?.at).toBeGreaterThan(200);
    expect(end).toBeGreaterThan(history.reigns.find(({ leader }) => leader === '4')?.from ?? Infinity);
    expect(first?.candidates).toBeGreaterThan(1);
    expect(faces.filter(({ role }) => role === 'candidate')).toEqual([]);
  });

  it('is seen in what they held of the one that crashed', () => {
    const span = { from: 0, to: 1200 };
    const doubts = doubtsIn(history, span, recordsIn(history, span));

    expect(new Set(doubts.map(({ subject }) => subject))).toEqual(new Set(['5']));
    expect(doubts.map(({ observer }) => observer).sort()).toEqual(['1', '2', '3', '4']);
  });

  it('are over, too, when whoever ran gives up, and not over while somebody runs', () => {
    const stands = (t: number, st: string, was: string): Made => ({
      ...{ t, p: '1', k: 'transition', a: 'election', ev: 'x', st, was },
    });
    const records = [
      statusOf(0, '1', 'follower', '2', 1),
      stands(100, 'challenging', 'following.direct'),
      statusOf(101, '1', 'candidate', null, 1),
      stands(180, 'following.direct', 'challenging'),
      statusOf(181, '1', 'follower', '2', 1),
      stands(900, 'challenging', 'following.direct'),
      statusOf(901, '1', 'candidate', null, 1),
    ];

    expect(electionsOf(historyOf(records))).toEqual([
      { at: 100, index: 1, by: '1', candidates: 1, leader: '2', tookMs: 81 },
      { at: 900, index: 5, by: '1', candidates: 1, leader: null, tookMs: null },
    ]);
  });
});

import type { TraceEvent } from '../../apps/classroom/contract.js';
import { fileNameOf } from '../../apps/classroom/exports/file.js';
import { actInWords, mermaidSequence, shivizLog, type Told } from '../../apps/classroom/exports/sequence.js';

const labelOf = (type: string) => ({ 'election.start': 'ELECTION', 'election.answer': 'OK' })[type] ?? type;
const told = (from: string, to: string, type: string, more: Partial<Told> = {}): Told => ({
  from,
  to,
  type,
  load: 0,
  sentAt: 600,
  endAt: 620,
  why: null,
  fate: 'delivered',
  ...more,
});
const event = (s: number, p: string, k: TraceEvent['k'], more: Partial<TraceEvent>): TraceEvent => ({
  s,
  t: s,
  p,
  k,
  ...more,
});

describe('a Mermaid sequence diagram', () => {
  it('has every message of the span in the order of sending, lost ones with a cross, faults as notes', () => {
    const flights = [
      told('4', '5', 'election.start'),
      told('5', '4', 'election.answer', { sentAt: 620, endAt: null, fate: 'lost', why: 'dropped' }),
      told('4', '5', 'election.start', { sentAt: 9000 }),
    ];
    const faults = [event(610, '', 'fault', { words: 'the process of 7 is killed; gone' })];

    const text = mermaidSequence(['4', '5'], flights, faults, { fromMs: 0, toMs: 1000 }, labelOf);

    expect(text.split('\n')).toEqual([
      'sequenceDiagram',
      '    participant P4 as 4',
      '    participant P5 as 5',
      '    P4->>P5: ELECTION (600 ms, arrives 620 ms)',
      '    Note over P4,P5: the process of 7 is killed  gone',
      '    P5-xP4: OK (620 ms, lost, dropped)',
      '',
    ]);
  });

  it('says how much it left out', () => {
    const many = Array.from({ length: 400 }, () => told('1', '2', 'x'));

    const text = mermaidSequence(['1', '2'], many, [], { fromMs: 0, toMs: 1000 }, labelOf);

    expect(text).toContain('Note over P1,P2: 100 more left out');
  });
});

it('a log for ShiViz has clocks that grow with every event, and join where a message arrives', () => {
  const events = [
    event(1, '1', 'send', { ev: 'election.start', to: '2', m: '1>2#1' }),
    event(2, '2', 'transition', { a: 'election', was: 'a', st: 'b' }),
    event(3, '2', 'transition', { a: 'election', was: 'b', st: 'b' }),
    event(4, '2', 'receive', { ev: 'election.start', fr: '1', m: '1>2#1' }),
    event(5, '', 'fault', { words: 'x' }),
  ];

  expect(shivizLog(events, labelOf).trimEnd().split('\n')).toEqual([
    '1 {"1":1}',
    'sends ELECTION to 2',
    '2 {"2":1}',
    'election: a to b',
    '2 {"1":1,"2":2}',
    'receives ELECTION from 1',
  ]);
});

describe('in few words', () => {
  it.each([
    [{ kind: 'drop', at: 0, which: { id: '5>4#17' } }, 'drop 5→4'],
    [{ kind: 'drop', at: 0, which: { from: '5', type: 'election.answer' } }, 'drop OK 5→any'],
    [{ kind: 'timer', at: 0, peer: '4', actor: 'election', event: 'x', toMs: 0 }, 'fire a timer of 4'],
    [{ kind: 'partition', at: 0, forMs: 1, sides: [['1', '2'], ['3']] }, 'partition 12 | 3'],
    [{ kind: 'crash', at: 0, forMs: 1, peer: '3', isPowerCut: false }, 'crash 3'],
  ] as const)('%j', (act, words) => {
    expect(actInWords(act as Parameters<typeof actInWords>[0], labelOf)).toBe(words);
  });

  it('a name of a file has no signs that a file system refuses', () => {
    expect(fileNameOf('lesson 05: drop OK 5→4 / “twice”')).toBe('lesson-05-drop-OK-5-4-twice');
    expect(fileNameOf('→')).toBe('bullpen');
  });
});

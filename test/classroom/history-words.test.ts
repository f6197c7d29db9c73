/** What people read: the filter's words, a sentence for every event, and what led to it. */
import { coneOf, createHistory, parseFilter, relationTo, tell } from '../../apps/classroom/history/index.js';
import { linesOf, runOf } from './traces.js';

const read = (lines: readonly string[]) => {
  const history = createHistory();
  history.append(lines);
  return history;
};
const send = (t: number, p: string, to: string, ev: string, more = {}) => ({
  t,
  p,
  k: 'send' as const,
  to,
  ev,
  ...more,
});
const receive = (t: number, p: string, fr: string, ev: string, more = {}) => ({
  t,
  p,
  k: 'receive' as const,
  fr,
  ev,
  ...more,
});

describe('the filter', () => {
  const row = {
    peer: '5',
    from: '5',
    to: '4',
    type: 'election.answer',
    kind: 'send',
    state: '',
    term: '2',
    isLost: true,
    isHeartbeat: false,
    text: '5 OK → 4 ELECTION from 4',
  };
  const passes = (text: string) => {
    const parsed = parseFilter(text);
    return parsed.ok ? parsed.matches(row) : parsed.error;
  };

  it.each([
    '',
    'type:OK',
    'type:ok from:5',
    'type:election.answer to:4 lost',
    'type:election.*',
    'peer:4',
    'term:2',
    '-from:6',
    '"from 4"',
    'OK',
  ])('lets the row pass: %s', (text) => expect(passes(text)).toBe(true));

  it.each(['type:ELECTION', 'from:4', '-lost', 'state:candidate', 'heartbeat', 'nonsense'])(
    'holds it back: %s',
    (text) => expect(passes(text)).toBe(false),
  );

  it.each([
    ['colour:red', 'No such thing as “colour:”. There are type, kind, from, to, peer, state, term.'],
    ['from:', 'What should “from:” be? Try from:5.'],
    ['type:', 'What should “type:” be? Try type:OK.'],
    ['"open', 'A quote is open in "open'],
  ])('says what is wrong with %s', (text, error) => expect(passes(text)).toBe(error));
});

describe('the narrator', () => {
  it('tells every event of a run in a sentence, and never says undefined', () => {
    const history = read(runOf(1, [{ kind: 'crash', at: 100, forMs: 5000, peer: '3', isPowerCut: true }]));
    const told = Array.from({ length: history.length }, (_, index) => tell(history, index));
    const telling = told.filter((one) => one.isTelling);

    expect(told.filter(({ text }) => /undefined|\[object|NaN/.test(text) || !text.endsWith('.'))).toEqual([]);
    expect(told.filter(({ because }) => /undefined|\[object|NaN/.test(because))).toEqual([]);
    expect(telling.some(({ text }) => /suspects 3: it is not answering/.test(text))).toBe(true);
    expect(telling.some(({ text }) => text === '2 is leader.' || /takes the office/.test(text))).toBe(true);
  });
});

describe('causes', () => {
  it('tell what led to an event, what came of it, and what is concurrent', () => {
    const history = read(
      linesOf([
        send(0, '1', '2', 'election.start', { m: 'a' }),
        send(1, '3', '1', 'election.answer', { m: 'b' }),
        receive(2, '2', '1', 'election.start', { m: 'a' }),
        send(3, '2', '3', 'election.start', { m: 'c' }),
        receive(4, '1', '3', 'election.answer', { m: 'b' }),
        receive(5, '3', '2', 'election.start', { m: 'c' }),
      ]),
    );
    const cone = coneOf(history, 3, 0, 5);
    const relations = [0, 1, 2, 3, 4, 5].map((index) => relationTo(cone, history.at(index)?.p ?? '', index));

    expect(relations).toEqual(['past', 'concurrent', 'past', 'itself', 'concurrent', 'future']);
  });
});

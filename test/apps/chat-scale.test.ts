import type { Delivery } from '../../actors/index.js';
import { type Acknowledged, type KeptLog, problemsOf } from '../../apps/chat/scale-comparison.js';
import { readScaleSettings } from '../../apps/chat/scale-settings.js';

const ROOMS = ['general', 'scale'];
const COUNT = 6;

/** Six lines in two rooms, as three peers have them. */
const LOG: readonly Delivery[] = Array.from({ length: COUNT }, (_, place) => ({
  sequence: place + 1,
  topicSequence: Math.floor(place / ROOMS.length) + 1,
  term: 1,
  id: `1.${place + 1}`,
  origin: String((place % 3) + 1),
  topic: ROOMS[place % ROOMS.length] ?? '',
  payload: { text: `line ${place + 1}` },
  at: 1000 + place,
}));
const SAID: readonly Acknowledged[] = LOG.map(({ topic, payload, sequence, topicSequence }) => ({
  room: topic,
  text: (payload as { text: string }).text,
  sequence,
  topicSequence,
}));

const copyOf = (log: readonly Delivery[]): readonly Delivery[] => JSON.parse(JSON.stringify(log));

const logsWith = (third: readonly Delivery[]): readonly KeptLog[] => [
  { peer: '1', log: LOG },
  { peer: '2', log: copyOf(LOG) },
  { peer: '3', log: third },
];
const everywhere = (log: readonly Delivery[]): readonly KeptLog[] =>
  ['1', '2', '3'].map((peer) => ({ peer, log }));
const entry = (place: number): Delivery => LOG[place] as Delivery;

describe('the comparison of whole logs', () => {
  it('finds nothing where all are equal and hold every line once', () => {
    expect(problemsOf(logsWith(copyOf(LOG)), SAID)).toEqual([]);
  });

  it('takes a log that is only the beginning of the others for another', () => {
    const [first, ...more] = problemsOf(logsWith(LOG.slice(0, -1)), SAID);

    expect(first).toMatch(/^the logs differ at line 6: 1 has \{.*\}, 3 has nothing$/);
    expect(more).toEqual(['3: "line 6" is missing, which was acknowledged as 6']);
  });

  it.each([
    ['two lines in another order', [...LOG.slice(0, 4), entry(5), entry(4)], /differ at line 5/],
    ['another text', [...LOG.slice(0, 5), { ...entry(5), payload: { text: 'other' } }], /differ at line 6/],
    ['another sender', [...LOG.slice(0, 5), { ...entry(5), origin: '9' }], /differ at line 6/],
  ])('sees %s in one of them', (_, third, problem) => {
    expect(problemsOf(logsWith(third), SAID)[0]).toMatch(problem);
  });

  it.each([
    ['a line that all have lost', LOG.slice(0, -1), /"line 6" is missing, which was acknowledged as 6/],
    [
      'a line that stands there twice',
      [...LOG, { ...entry(5), sequence: 7, topicSequence: 4 }],
      /"line 6" stands there 2 times/,
    ],
    [
      'a gap in the numbers',
      LOG.map((one) => ({ ...one, sequence: one.sequence * 2 })),
      /line 1 has number 2/,
    ],
    [
      'a gap in the numbers of a room',
      LOG.map((one) => (one.sequence === 5 ? { ...one, topicSequence: 4 } : one)),
      /line 3 of room general has number 4 there/,
    ],
    [
      'a line that nobody said',
      [...LOG, { ...entry(5), sequence: 7, topicSequence: 4, payload: { text: 'hm' } }],
      /line 7 was said by nobody: \["scale","hm"\]/,
    ],
  ])('sees %s, though all logs are equal', (_, log, problem) => {
    expect(problemsOf(everywhere(log), SAID).join('\n')).toMatch(problem);
  });

  it('sees a line at another number than was acknowledged', () => {
    const told = SAID.map((one) => (one.sequence === 2 ? { ...one, sequence: 3 } : one));

    expect(problemsOf(everywhere(LOG), told)[0]).toMatch(
      /"line 2" has number 2 \(1 in its room\), but was acknowledged as 3 \(1\)/,
    );
  });

  it('has something to say when there is nothing to compare', () => {
    expect(problemsOf([], SAID)).toEqual(['there are no logs to compare']);
  });
});

describe('the flags of chat scale', () => {
  it('have defaults', () => {
    expect(readScaleSettings({})).toEqual({ peers: 3, messages: 100, killLeader: false, json: false });
    expect(readScaleSettings({ peers: '9', port: '7400', killLeader: true })).toMatchObject({
      peers: 9,
      port: 7400,
      killLeader: true,
    });
  });

  it.each([
    [{ peers: '10' }, /^--peers: "10" must be 1 to 9$/],
    [{ messages: 'many' }, /^--messages: "many" must be a whole number$/],
    [{ port: '65535' }, /^--port: "65535" must be 1 to 65526$/],
    [{ logs: '' }, /^--logs: "" names no folder$/],
    [{ peers: '2', killLeader: true }, /^--kill-leader: takes at least 3 peers/],
  ])('%j is refused in one line', (flags, line) => {
    expect(() => readScaleSettings(flags)).toThrow(line);
  });
});

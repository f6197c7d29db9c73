/** Any scenario, scrubbed: the world at a place is the one of a fresh reading up to there (CLASSROOM §2.13, 3). */
import { createHistory, type History } from '../../apps/classroom/history/index.js';
import { FAULT_KINDS, type Fault, planOf } from '../../apps/simulator/index.js';
import { draw } from '../../machines/values/chance.js';
import { runs } from '../support/stories.js';
import { runOf } from './traces.js';

const SCENARIOS = Number(process.env.WORLD_SCENARIOS ?? 10);
const UNTIL_MS = 1500;
const PLACES = 4;

const read = (lines: readonly string[]): History => {
  const history = createHistory();
  history.append(lines);
  return history;
};
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const shortened = (fault: Fault): Fault =>
  fault.kind === 'load' ? { ...fault, count: Math.min(fault.count, 5) } : fault;

/** What a seed brings in its first moments, and places in it to look at, to and fro. */
function scenarioOf(seed: number) {
  const peers = seed % 3 === 0 ? 5 : 3;
  const { faults } = planOf(seed, { peers, kinds: FAULT_KINDS });
  const acts = faults.filter(({ at }) => at < UNTIL_MS).map(shortened);
  const lines = runOf(seed, acts, { peers, untilMs: UNTIL_MS, loss: seed % 2 === 0 ? 0.02 : 0 });
  let chance = seed;
  const places = runs(PLACES).map(() => {
    const { value, seed: next } = draw(chance);
    chance = next;
    return Math.floor(value * (lines.length - 1));
  });
  return { lines, places };
}

it(`is the world of a fresh reading, whatever happens: ${SCENARIOS} scenarios`, () => {
  for (const seed of runs(SCENARIOS)) {
    const { lines, places } = scenarioOf(seed);
    const [header = '', ...records] = lines;
    const whole = read(lines);
    expect([seed, whole.refusals.count, whole.length]).toEqual([seed, 0, records.length]);
    for (const index of places) {
      const ms = whole.at(index)?.t ?? 0;
      const fresh = read([header, ...records.slice(0, index + 1)]);
      const [there, anew] = [whole.worldAt({ index, ms }), fresh.worldAt({ index, ms })];
      expect({ seed, index, world: plain(there) }).toEqual({ seed, index, world: plain(anew) });
      expect(whole.lampsAt({ index, ms })).toEqual(fresh.lampsAt({ index, ms }));
    }
  }
}, 3_600_000);

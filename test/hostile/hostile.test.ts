import { TARGETS } from './targets.js';

/** A taste of each; `npm run fuzz` takes more. */
const INPUTS: Readonly<Record<string, number>> = {
  frame: 1500,
  greeting: 1000,
  payload: 1000,
  configuration: 200,
  stranger: 80,
  liar: 25,
  trace: 10,
  http: 100,
  socket: 50,
  datagram: 250,
  journal: 50,
};

describe('hostile input', () => {
  it.each(TARGETS.map((target) => [target.name, target] as const))(
    'does no harm: %s',
    async (name, target) => {
      const count = INPUTS[name] ?? 100;

      const report = await target.fuzz({ seed: 20_260_101, first: 0, count });

      expect(report.findings).toEqual([]);
      expect(report.inputs).toBe(count);
      expect(Object.keys(report.outcomes).length).toBeGreaterThan(1);
    },
  );
});

import { TARGETS } from './targets.js';

/** A taste of each; `npm run fuzz` takes more. */
const INPUTS: Readonly<Record<string, number>> = {
  frame: 3000,
  greeting: 2000,
  payload: 2000,
  configuration: 300,
  stranger: 150,
  liar: 40,
  trace: 10,
  http: 150,
  socket: 80,
  datagram: 500,
  journal: 80,
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

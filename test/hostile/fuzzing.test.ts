import { Choices, simplest } from './choices.js';
import { fuzz, type Target } from './fuzzing.js';

/** Numbers, of which those above 500 are bad in the way `harm` says. */
const target = (harm: () => void): Target<readonly number[]> => ({
  name: 'numbers',
  share: 1,
  isComputing: true,
  inputsPerWorld: 10,
  draw: (choices) => choices.some(20, (c) => c.below(1000)),
  show: (numbers) => numbers.join(' '),
  open: () => ({
    judge: (numbers) => {
      if (numbers.some((number) => number > 500)) harm();
      return { outcome: 'fine', complaint: null };
    },
    close: () => null,
  }),
});
const part = { seed: 7, first: 0, count: 200 };

describe('choices', () => {
  it('are the same for the same seed and input, and others for another', () => {
    const drawn = (seed: number, input: number) => {
      const choices = Choices.drawn(seed, input);
      return Array.from({ length: 10 }, () => choices.below(1000));
    };

    expect(drawn(1, 5)).toEqual(drawn(1, 5));
    expect(drawn(1, 5)).not.toEqual(drawn(1, 6));
    expect(drawn(1, 5)).not.toEqual(drawn(2, 5));
  });

  it('make the same input again when given, and the plainest one without any', () => {
    const drawn = Choices.drawn(3, 3);
    const first = drawn.some(9, (c) => c.of(['a', 'b', 'c']));
    const again = Choices.given(drawn.made);

    expect(again.some(9, (c) => c.of(['a', 'b', 'c']))).toEqual(first);
    expect(Choices.given([]).some(9, (c) => c.below(2))).toEqual([]);
  });

  it('stay within their bounds whatever is given', () => {
    const choices = Choices.given([99, 99]);

    expect([choices.below(3), choices.between(5, 6)]).toEqual([2, 6]);
  });

  it('are made as few and as small as they can be', async () => {
    const made = [4, 9, 800, 3, 2, 900, 1];

    const least = await simplest(made, (choices) => choices.some((choice) => choice > 600));

    expect(least).toEqual([601]);
  });
});

describe('a fuzzer', () => {
  it('finds nothing where nothing is wrong', async () => {
    const report = await fuzz(
      target(() => {}),
      part,
    );

    expect(report).toMatchObject({ inputs: 200, outcomes: { fine: 200 }, findings: [] });
  });

  it('makes the simplest of what throws, and says how to see it again', async () => {
    const bad = target(() => {
      throw new TypeError('too much');
    });

    const [finding] = (await fuzz(bad, part)).findings;

    expect(finding?.complaint).toMatch(/^exception: TypeError: too much/);
    expect(finding?.input).toBe('501');
    const [, first] = /--first (\d+) --inputs 1$/.exec(finding?.replay ?? '') ?? [];
    const replayed = await fuzz(bad, { seed: 7, first: Number(first), count: 1 });
    expect(replayed.findings).toEqual([{ ...finding, more: 0 }]);
  });

  it('stops where everything fails', async () => {
    const report = await fuzz(
      {
        ...target(() => {}),
        open: () => ({ judge: () => ({ outcome: 'bad', complaint: 'bad: all' }), close: () => null }),
      },
      part,
    );

    expect(report.inputs).toBeLessThan(200);
    expect(report.findings).toHaveLength(1);
  });

  it('notices what is wrong after all inputs of a world', async () => {
    const leaky = {
      ...target(() => {}),
      open: () => ({ judge: () => ({ outcome: 'fine', complaint: null }), close: () => 'left behind: 3' }),
    };

    const [finding] = (await fuzz(leaky, { ...part, count: 10 })).findings;

    expect(finding).toMatchObject({ complaint: 'left behind: 3', input: 'all of them together' });
    expect(finding?.replay).toMatch(/--first 0 --inputs 10$/);
  });
});

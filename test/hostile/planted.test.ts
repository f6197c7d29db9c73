import { hunt, PLANTED } from './planted.js';

/** Those that cost least to hunt: of sizes, depth, the journal and configurations; `npm run fuzz -- --planted` hunts them all. */
const HUNTED = ['no-size-limit', 'payload-too-deep', 'no-checksum', 'no-witness', 'several-lines'];

describe('the fuzzers find a planted bug', () => {
  it.each(PLANTED.filter(({ name }) => HUNTED.includes(name)).map((bug) => [bug.rule, bug] as const))(
    'where it no longer holds that %s',
    async (_, bug) => {
      const { findings } = await hunt(bug);

      expect(findings[0]).toMatchObject({
        target: bug.target,
        complaint: expect.stringMatching(/^[a-z ]+: /),
        input: expect.stringMatching(/./),
        replay: expect.stringMatching(/^npm run fuzz -- --target \S+ --seed 1 --first \d+ --inputs \d+$/),
      });
    },
  );
});

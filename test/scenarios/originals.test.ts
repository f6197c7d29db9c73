/** The table of originals.md, kept true: it points at stories that are there, and none of the originals' is missing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOM = join(import.meta.dirname, '..');

/** What stands in single quotes behind `it(`, or behind the closing bracket of `it.each(…)`. */
const titlesIn = (file: string): readonly string[] => {
  const text = readFileSync(join(ROOM, `${file}.test.ts`), 'utf8');
  return [...text.matchAll(/(?:\bit\(|\)\()\s*'((?:[^'\\]|\\.)+)'/g)].map(([, title = '']) => title);
};

const table = readFileSync(join(ROOM, 'scenarios/originals.md'), 'utf8');
const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.includes('| stories |'));
const storiesIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`]+ › [^`]+)`/g)].map(([, story = '']) => story);

describe('the table of the originals', () => {
  it('has a story for every row, or says what it waits for', () => {
    const bare = rows.filter((row) => storiesIn(row).length === 0 && !row.includes('waits for'));

    expect(rows).toHaveLength(38);
    expect(bare).toEqual([]);
  });

  it('names stories that are there', () => {
    const missing = storiesIn(table).filter((story) => {
      const [file = '', title = ''] = story.split(' › ');
      return !titlesIn(file).includes(title);
    });

    expect(missing).toEqual([]);
  });

  it('names every story of the originals', () => {
    const files = readdirSync(join(ROOM, 'scenarios'))
      .filter((file) => /^originals-.*\.test\.ts$/.test(file))
      .map((file) => `scenarios/${file.replace('.test.ts', '')}`);
    const told = files.flatMap((file) => titlesIn(file).map((title) => `${file} › ${title}`));

    expect(files).toHaveLength(4);
    expect(told.filter((story) => !storiesIn(table).includes(story))).toEqual([]);
  });
});

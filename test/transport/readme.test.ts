import { readFileSync } from 'node:fs';
import { vocabulary } from '../../transport/protocol.js';

it("shows every message in the room's README, as protocol.ts declares it", () => {
  const readme = readFileSync(new URL('../../transport/README.md', import.meta.url), 'utf8');

  const shown = [...readme.matchAll(/^\| `(\w+\.[\w-]+)` *\| (.*?) *\| (.*?) *\|$/gm)].map((row) =>
    row.slice(1),
  );

  expect(shown).toEqual([...vocabulary].map(([type, { label, meaning }]) => [type, label, meaning]));
});

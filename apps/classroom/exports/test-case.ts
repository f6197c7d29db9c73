/** "Copy as test": a run as a case for Jest, which plays it again without a page and asserts what was seen. */
import type { Script } from '../contract.js';

/** What was seen at the playhead. */
export interface Seen {
  readonly atMs: number;
  readonly leaders: readonly string[];
}

/** The text of a test file that belongs into `test/scenarios`, in the style of the house. */
export function testCase(script: Script, { atMs, leaders }: Seen): string {
  const name = (script.name ?? 'a run of the sandbox').replaceAll("'", '’').replaceAll('\\', '');
  const until = Math.ceil(atMs);
  return `import { headless } from '../../apps/classroom/engine/index.js';
import type { Script, TraceEvent } from '../../apps/classroom/contract.js';

const script: Script = ${JSON.stringify(script, null, 2)};

it('${name}: at ${until} ms ${leaders.length === 0 ? 'nobody leads' : `${leaders.join(' and ')} lead${leaders.length === 1 ? 's' : ''}`}', () => {
  const events = headless(script, ${until}).slice(1).map((line) => JSON.parse(line) as TraceEvent);

  const roles = new Map<string, string>();
  for (const { k, p, role } of events) if (k === 'status' && typeof role === 'string') roles.set(p, role);
  const leaders = [...roles].filter(([, role]) => role === 'coordinator').map(([id]) => id);
  expect(leaders.sort()).toEqual(${JSON.stringify([...leaders].sort())});
});
`;
}

/** The house rules, as a test: who may import whom, no circles, rooms of readable size, one word per thing. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = process.cwd();
const ROOMS = ['machines', 'actors', 'transport', 'apps', 'test'] as const;
const TOP_LEVEL = [
  ...ROOMS,
  'package.json',
  'README.md',
  // What tools insist on.
  'package-lock.json',
  'tsconfig.json',
  'jest.config.js',
  'biome.json',
  '.git',
  '.gitignore',
  '.npmrc',
  '.ci',
  // What they make.
  'node_modules',
  'dist',
];

const LINES_MAX = 350;

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths within the house, and names of packages, with whether only types are taken. */
  readonly imports: readonly { readonly target: string; readonly isTypeOnly: boolean }[];
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

function importsIn(path: string, text: string): Source['imports'] {
  const found = text.matchAll(
    /(?:^|\n)(?:import|export)\s+(type\s+)?(\{[^}]*\}|\*(?:\s+as\s+\w+)?|\w+)\s+from\s+'([^']+)'|(?:\n|^)import\s+'([^']+)'|import\('([^']+)'\)/g,
  );
  return [...found].map(([, type, names = '', target, bare, lazy]) => {
    const to = target ?? bare ?? lazy ?? '';
    const isListOfTypes = names.startsWith('{') && namesIn(names).every((name) => name.startsWith('type '));
    const isTypeOnly = type !== undefined || isListOfTypes;
    return { target: to.startsWith('.') ? resolve(path, to) : to, isTypeOnly };
  });
}

function namesIn(list: string): readonly string[] {
  const names = list.slice(1, -1).split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

const resolve = (from: string, to: string): string =>
  normalize(join(dirname(from), to)).replace(/\.js$/, '.ts');

const sources: readonly Source[] = ROOMS.flatMap((room) => filesIn(join(ROOT, room)))
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path))
  .map((path) => {
    const text = readFileSync(path, 'utf8');
    return { path: relative(ROOT, path), text, imports: importsIn(relative(ROOT, path), text) };
  });

const isPackage = (target: string): boolean => !/^(machines|actors|transport|apps|test)\//.test(target);

/** ARCHITECTURE: what each room may import; `type` allows types alone. */
interface Rule {
  readonly room: string;
  readonly of: (path: string) => boolean;
  readonly may: (target: string, isTypeOnly: boolean, path: string) => boolean;
}
const isProtocol = (target: string) => target === 'transport/protocol.ts';
/** The page itself, and the parts it is made of. */
const isProtocolPart = (path: string) => /^transport\/protocol(-\w+)?\.ts$/.test(path);
/** The parts of one machine stand beside it: `election-rules` belongs to `election`. */
const machineOf = (path: string) =>
  path
    .replace(/^machines\//, '')
    .replace(
      /(-(rules|changes|setup|letters|coordinating|damaged|checks|recovery|relay|relayed|replica|founding|office|snapshots))?\.ts$/,
      '',
    );

const RULES: readonly Rule[] = [
  {
    room: 'transport/protocol.ts',
    of: isProtocolPart,
    may: (target) => target === 'zod' || isProtocolPart(target),
  },
  {
    room: 'transport',
    of: (path) => path.startsWith('transport/') && !isProtocolPart(path),
    may: (target, isTypeOnly, path) =>
      target.startsWith('transport/') ||
      target === 'zod' ||
      (path === 'transport/websocket.ts' && (target === 'ws' || target.startsWith('node:'))) ||
      (/^transport\/(udp|discovery-(udp|dns))\.ts$/.test(path) && target.startsWith('node:')) ||
      (isTypeOnly && target.startsWith('zod')),
  },
  {
    room: 'machines/values',
    of: (path) => path.startsWith('machines/values/'),
    may: (target, isTypeOnly, path) =>
      target.startsWith('machines/values/') ||
      (isProtocol(target) && isTypeOnly) ||
      (path === 'machines/values/snapshot.ts' && target.startsWith('@noble/hashes/')),
  },
  {
    room: 'machines',
    of: (path) => /^machines\/[^/]+$/.test(path) && path !== 'machines/index.ts',
    may: (target, isTypeOnly, path) =>
      target === 'xstate' ||
      target.startsWith('machines/values/') ||
      target === 'machines/effect.ts' ||
      (isProtocol(target) && isTypeOnly) ||
      (target.startsWith('machines/') && machineOf(target) === machineOf(path)),
  },
  {
    room: 'machines/index.ts',
    of: (path) => path === 'machines/index.ts',
    may: (target) => target.startsWith('machines/'),
  },
  {
    room: 'actors',
    of: (path) => path.startsWith('actors/'),
    may: (target, _isTypeOnly, path) =>
      /^(machines|actors|transport)\//.test(target) ||
      target === 'xstate' ||
      target === 'zod' ||
      (path.startsWith('actors/journal-level') && (target === 'classic-level' || target.startsWith('node:'))),
  },
  {
    room: 'apps',
    of: (path) => path.startsWith('apps/'),
    may: (target) =>
      isPackage(target) ||
      target.startsWith('apps/') ||
      /^(actors|transport|machines)\/(index|anywhere)\.ts$/.test(target),
  },
  { room: 'test', of: (path) => path.startsWith('test/'), may: () => true },
];

/** Words refused in names, and calls refused in rooms that are to be deterministic. */
const BANNED_NAMES = /\b(util|utils|common|helper|helpers|manager|misc)\b/;
const BANNED_CALLS: readonly (readonly [string, RegExp, (path: string) => boolean])[] = [
  [
    'time',
    /\bDate\.now\(|\bnew Date\(|\bperformance\.now\(|(?<![.\w])setTimeout\((?!task:)|(?<![.\w])setInterval\(/,
    isDeterministic,
  ],
  ['chance', /\bMath\.random\(|\bcrypto\./, isDeterministic],
  ['console', /\bconsole\./, (path) => !path.startsWith('test/') && !path.startsWith('apps/')],
  [
    'promises',
    /\bawait\b|\bnew Promise\b|\.then\(|\basync\b/,
    (path) => isDeterministic(path) && !isEdge(path),
  ],
  ['any', /:\s*any\b|\bas any\b|<any>/, (path) => !path.startsWith('test/')],
  ['default exports', /^export default /m, (path) => !path.endsWith('config.ts') && !path.endsWith('.mjs')],
  [
    'sleeps',
    /setTimeout\(\s*(resolve|done)\b/,
    (path) => path.startsWith('test/') && !path.includes('/support/'),
  ],
];

/** Below the public handle a run is a function of its seed. The hosted environment is where the real world is let in. */
function isDeterministic(path: string): boolean {
  return (
    /^(machines|actors|transport)\//.test(path) &&
    path !== 'actors/hosted-environment.ts' &&
    path !== 'actors/page-client.ts' &&
    path !== 'transport/websocket.ts' &&
    path !== 'transport/udp.ts' &&
    path !== 'transport/discovery-udp.ts'
  );
}
/** Promises: the public handle, and the journal's adapter to its store. */
function isEdge(path: string): boolean {
  return /^actors\/(create-peer|office|delivery-stream|create-client|client-handle|page-client|broadcasts|readings|waits|peer-handle|submissions|replica|api|journal-level.*)\.ts$/.test(
    path,
  );
}

const codeOf = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

describe('the house', () => {
  it('has five rooms and nothing else at the top', () => {
    expect(readdirSync(ROOT).filter((name) => !TOP_LEVEL.includes(name))).toEqual([]);
  });

  it.each(RULES.map((rule) => [rule.room, rule] as const))(
    'imports into %s only what the table allows',
    (_, rule) => {
      const mine = sources.filter(({ path }) => rule.of(path));
      const wrong = mine.flatMap(({ path, imports }) =>
        imports
          .filter(({ target, isTypeOnly }) => !rule.may(target, isTypeOnly, path))
          .map(({ target }) => `${path} → ${target}`),
      );

      expect(mine.length).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    },
  );

  it('lets nothing import a test', () => {
    const wrong = sources
      .filter(({ path }) => !path.startsWith('test/'))
      .filter(({ imports }) => imports.some(({ target }) => target.startsWith('test/')));

    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('has no circles', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports]));
    const circles: string[] = [];
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]) => {
      if (trail.includes(path)) circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      if (trail.includes(path) || done.has(path)) return;
      for (const { target, isTypeOnly } of graph.get(path) ?? [])
        if (!isTypeOnly) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const { path } of sources) visit(path, []);

    expect(circles).toEqual([]);
  });

  it(`has no file above ${LINES_MAX} lines`, () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX);

    expect(long).toEqual([]);
  });

  it('names files as kebab-case nouns, without words that say nothing', () => {
    const wrong = sources
      .map(({ path }) => path)
      .filter((path) => !/^[a-z0-9./-]+$/.test(path) || BANNED_NAMES.test(path));

    expect(wrong).toEqual([]);
  });

  it.each(BANNED_CALLS)('lets no %s in where it does not belong', (_, pattern, applies) => {
    const wrong = sources
      .filter(({ path }) => path !== 'test/tidy.test.ts' && applies(path))
      .filter(({ text }) => pattern.test(codeOf(text)))
      .map(({ path }) => path);

    expect(wrong).toEqual([]);
  });

  it('has a README in every room', () => {
    const missing = ROOMS.filter(
      (room) => !filesIn(join(ROOT, room)).includes(join(ROOT, room, 'README.md')),
    );

    expect(missing).toEqual([]);
  });
});

describe('the import table itself', () => {
  const rule = (room: string) => RULES.find((candidate) => candidate.room === room) as Rule;

  it('refuses a machine that imports a sibling, a library, or the protocol at run time', () => {
    const { may } = rule('machines');

    expect(may('machines/sequencer.ts', false, 'machines/election.ts')).toBe(false);
    expect(may('machines/election-rules.ts', false, 'machines/election.ts')).toBe(true);
    expect(may('node:fs', false, 'machines/election.ts')).toBe(false);
    expect(may('transport/protocol.ts', false, 'machines/election.ts')).toBe(false);
    expect(may('transport/protocol.ts', true, 'machines/election.ts')).toBe(true);
  });

  it('refuses an app that reaches into a room past its door', () => {
    const { may } = rule('apps');

    expect(may('actors/peer.ts', false, 'apps/cli/peer.ts')).toBe(false);
    expect(may('actors/index.ts', false, 'apps/cli/peer.ts')).toBe(true);
  });

  it('reads imports of every shape', () => {
    const text =
      "import { a } from './a.js';\nimport type { B } from './b.js';\nexport * from '../c.js';\nconst d = import('./d.js');";

    expect(importsIn('actors/x.ts', text)).toEqual([
      { target: 'actors/a.ts', isTypeOnly: false },
      { target: 'actors/b.ts', isTypeOnly: true },
      { target: 'c.ts', isTypeOnly: false },
      { target: 'actors/d.ts', isTypeOnly: false },
    ]);
  });
});

/**
 * A Vite plugin: lays out every shipped statechart while the page is built, so that no page carries a layout library
 * for them. What pages get of a chart is its definition, its positions, and what its source says of it; each is loaded
 * when somebody looks.
 *
 * Layouts are kept in `node_modules/.cache` by what they are made of, so that only a changed chart is laid out again.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ElkNode } from 'elkjs';
import type { Plugin } from 'vite';
import { definitionOf } from '../../../actors/anywhere.js';
import { LinkMessage, Message, vocabulary } from '../../../transport/anywhere.js';
import { layoutOf } from './arrangement.js';
import { type ChartState, readChart, transitionsOf } from './chart-model.js';
import { fingerprintOf, type Layout, type ShippedChart } from './chart-source.js';
import { drawingOf } from './drawing.js';
import { SHIPPED } from './shipped.js';

const INDEX = 'virtual:statecharts';
const ONE = 'virtual:statechart/';

interface Laid {
  readonly name: string;
  readonly hash: string;
  readonly chart: ShippedChart;
}

/** @param root - of the package: where sources and `node_modules` are. */
export function chartLayouts(root: string = process.cwd()): Plugin {
  let all: Promise<readonly Laid[]> | undefined;
  const laid = () => {
    all ??= layAll(root);
    return all;
  };
  return {
    name: 'bullpen-charts',
    resolveId: (id) => (id === INDEX || id.startsWith(ONE) ? `\0${id}` : null),
    load: async (id) => {
      if (id === `\0${INDEX}`) return indexOf(await laid());
      if (!id.startsWith(`\0${ONE}`)) return null;
      const name = id.slice(ONE.length + 1);
      const found = (await laid()).find((one) => one.name === name);
      return found === undefined ? null : `export const CHART = JSON.parse(${quoted(found.chart)});`;
    },
    // The licence travels with the one file of another's that pages may load: it lays out charts that are not ours.
    generateBundle() {
      const source = readFileSync(join(dirname(elkOf(root)), 'LICENSE.md'), 'utf8');
      this.emitFile({ type: 'asset', fileName: 'assets/elkjs-license.md', source });
    },
  };
}

/** As text that a program can hold: parsing it is quicker than reading an object. */
const quoted = (value: unknown): string => JSON.stringify(JSON.stringify(value));

const indexOf = (laid: readonly Laid[]): string => {
  const entries = laid.map(
    ({ name, hash }) =>
      `{ name: ${JSON.stringify(name)}, hash: ${JSON.stringify(hash)}, load: async () => (await import(${JSON.stringify(ONE + name)})).CHART }`,
  );
  return `export const SHIPPED_CHARTS = [${entries.join(',\n')}];`;
};

const elkOf = (root: string): string =>
  createRequire(join(root, 'package.json')).resolve('elkjs/package.json');

async function layAll(root: string): Promise<readonly Laid[]> {
  const folder = join(root, 'node_modules/.cache/bullpen-charts');
  mkdirSync(folder, { recursive: true });
  const arrange = createElk();
  const laid: Laid[] = [];
  for (const { id, config } of SHIPPED) {
    const definition = definitionOf(config);
    const drawing = drawingOf(readChart(definition));
    const file = join(folder, `${recipeOf(root, drawing)}.json`);
    const layout = kept(file) ?? (await layoutOf(drawing, arrange));
    writeFileSync(file, JSON.stringify(layout));
    const chart = { definition, layout, ...wordsOf(root, id, readChart(definition)) };
    laid.push({ name: id, hash: fingerprintOf(definition), chart });
  }
  return laid;
}

/** ELK is slow to load: only when a chart is not laid out yet. */
function createElk(): (graph: ElkNode) => Promise<ElkNode> {
  let elk: Promise<{ layout(graph: ElkNode): Promise<ElkNode> }> | undefined;
  return async (graph) => {
    elk ??= import('elkjs').then(
      ({ default: Elk }) => new (Elk as unknown as new () => Awaited<typeof elk & object>)(),
    );
    return (await elk).layout(graph);
  };
}

/** What a layout depends on: what is drawn, and the program that lays it out. */
function recipeOf(root: string, drawing: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(drawing));
  hash.update(readFileSync(join(root, 'apps/classroom/charts/arrangement.ts')));
  return hash
    .update(readFileSync(elkOf(root)))
    .digest('hex')
    .slice(0, 24);
}

function kept(file: string): Layout | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Layout;
  } catch {
    return null;
  }
}

/** What the header of its source says, and which messages of the wire it hears. */
function wordsOf(root: string, id: string, chart: ChartState): Pick<ShippedChart, 'header' | 'messages'> {
  const heard = new Set(transitionsOf(chart).map(({ trigger }) => trigger));
  const messages = [...vocabulary].flatMap(([type, words]) =>
    isHeard(type, heard) ? [{ type, ...words, fields: FIELDS.get(type) ?? [] }] : [],
  );
  return { header: headerOf(root, id), messages };
}

/** What each message of the wire carries. */
const FIELDS = new Map(
  [LinkMessage, ...Message.options].flatMap((group) =>
    group.options.map((schema) => {
      const { type, ...fields } = schema.unwrap().shape;
      return [String([...type.values][0]), Object.keys(fields)] as const;
    }),
  ),
);

/** By its name, or by that of its whole protocol: `election.*`. */
const isHeard = (type: string, heard: ReadonlySet<string>): boolean =>
  heard.has(type) || heard.has(`${type.split('.')[0]}.*`);

const SOURCES: Readonly<Record<string, string>> = {
  peer: 'actors/peer.ts',
  'client-root': 'actors/client.ts',
};

function headerOf(root: string, id: string): string {
  const text = readFileSync(join(root, SOURCES[id] ?? `machines/${id}.ts`), 'utf8');
  const [, comment = ''] = text.match(/^\/\*\*([\s\S]*?)\*\//) ?? [];
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n')
    .trim();
}

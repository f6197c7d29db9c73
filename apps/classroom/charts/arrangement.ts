/**
 * Where everything of a drawing goes, by ELK's layered algorithm: it is slow to start and large, so this runs at build
 * time for the charts that are shipped, and in a worker for others.
 *
 * Every region of a parallel state is laid out by itself, and the regions are put in rows: ELK knows no "from the region
 * itself", and one graph of all regions is a tangle.
 */
import type { ElkExtendedEdge, ElkNode } from 'elkjs';
import type { Layout, Rectangle } from './chart-source.js';
import type { Box, Drawing } from './drawing.js';
import type { Arrow } from './drawing-arrows.js';
import { SIZES } from './text-width.js';

/** What is needed of ELK. */
export type Arrange = (graph: ElkNode) => Promise<ElkNode>;

const SPACING = {
  'elk.spacing.nodeNode': '28',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.spacing.edgeNode': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  'elk.spacing.edgeLabel': '4',
};

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeLabels.inline': 'false',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.layered.feedbackEdges': 'false',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  ...SPACING,
};

/** Regions stand side by side up to here. */
const ROW_WIDTH_MAX = 1100;
const GAP = 18;
const MARGIN = 14;

interface Placed {
  readonly width: number;
  readonly height: number;
  readonly boxes: Map<string, Rectangle>;
  readonly arrows: Map<string, { bends: number[]; words: [number, number] | null }>;
}

/** Lays out a drawing: the same drawing, the same layout. */
export async function layoutOf(drawing: Drawing, arrange: Arrange): Promise<Layout> {
  const { root, arrows } = drawing;
  const placed =
    root.kind === 'parallel'
      ? await arrangeRegions(root, arrows, arrange)
      : await arrangeScope(root, arrows, arrange);
  return {
    width: placed.width,
    height: placed.height,
    boxes: Object.fromEntries(placed.boxes),
    arrows: Object.fromEntries(placed.arrows),
  };
}

const headOf = ({ lines }: Box): number => SIZES.titleHeight + lines.length * SIZES.lineHeight + 16;

/** What is below one box, which becomes the rectangle around it. */
async function arrangeScope(scope: Box, arrows: readonly Arrow[], arrange: Arrange): Promise<Placed> {
  const insides = new Map<string, Placed>();
  for (const box of parallelsIn(scope)) insides.set(box.id, await arrangeRegions(box, arrows, arrange));
  const here = new Set(boxesIn(scope).map(({ id }) => id));
  const graph = {
    ...nodeOf(scope, insides),
    edges: arrows.filter(({ from, to }) => here.has(from) && here.has(to)).map(edgeOf),
  };
  const arranged = await arrange({ ...graph, layoutOptions: { ...OPTIONS, ...graph.layoutOptions } });
  const placed: Placed = {
    width: Math.ceil(arranged.width ?? 0),
    height: Math.ceil(arranged.height ?? 0),
    boxes: new Map(),
    arrows: new Map(),
  };
  takeBoxes(arranged, insides, placed, true);
  for (const edge of arranged.edges ?? []) placed.arrows.set(edge.id, bendsOf(edge));
  return placed;
}

/** Parallel states that are laid out in this scope: not those inside their regions. */
const parallelsIn = (box: Box): readonly Box[] =>
  box.children.flatMap((child) => (child.kind === 'parallel' ? [child] : parallelsIn(child)));

const boxesIn = (box: Box): readonly Box[] =>
  box.children.flatMap((child) => (child.kind === 'parallel' ? [child] : [child, ...boxesIn(child)]));

function nodeOf(box: Box, insides: ReadonlyMap<string, Placed>): ElkNode {
  const inside = insides.get(box.id);
  if (inside !== undefined) return { id: box.id, width: inside.width, height: inside.height };
  if (box.children.length === 0) return { id: box.id, width: box.width, height: box.height };
  return {
    id: box.id,
    children: box.children.map((child) => nodeOf(child, insides)),
    layoutOptions: {
      ...SPACING,
      'elk.padding': `[top=${headOf(box)},left=${MARGIN},bottom=${MARGIN},right=${MARGIN}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${box.width},${headOf(box)})`,
    },
  };
}

const edgeOf = ({ id, from, to, width, height, labels, priority }: Arrow): ElkExtendedEdge => ({
  id,
  sources: [from],
  targets: [to],
  ...(labels.length === 0 ? {} : { labels: [{ id: `${id} words`, text: 'words', width, height }] }),
  layoutOptions: { 'elk.layered.priority.direction': String(priority) },
});

function takeBoxes(
  node: ElkNode,
  insides: ReadonlyMap<string, Placed>,
  placed: Placed,
  isScope: boolean,
): void {
  const [x, y] = isScope ? [0, 0] : [node.x ?? 0, node.y ?? 0];
  placed.boxes.set(node.id, [x, y, node.width ?? 0, node.height ?? 0].map(Math.round) as never);
  const inside = insides.get(node.id);
  if (inside !== undefined) move(inside, Math.round(x), Math.round(y), placed);
  for (const child of node.children ?? []) takeBoxes(child, insides, placed, false);
}

function bendsOf(edge: ElkExtendedEdge): { bends: number[]; words: [number, number] | null } {
  const bends = (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [Math.round(x), Math.round(y)]),
  );
  const [label] = edge.labels ?? [];
  return { bends, words: label === undefined ? null : [Math.round(label.x ?? 0), Math.round(label.y ?? 0)] };
}

/** Regions side by side in rows, below the words of their state. */
async function arrangeRegions(box: Box, arrows: readonly Arrow[], arrange: Arrange): Promise<Placed> {
  const placed: Placed = { width: 0, height: 0, boxes: new Map(), arrows: new Map() };
  let [x, y, rowHeight, widest] = [MARGIN, headOf(box), 0, box.width];
  for (const region of box.children) {
    const inside =
      region.kind === 'parallel'
        ? await arrangeRegions(region, arrows, arrange)
        : await arrangeScope(region, arrows, arrange);
    if (x > MARGIN && x + inside.width > ROW_WIDTH_MAX) [x, y, rowHeight] = [MARGIN, y + rowHeight + GAP, 0];
    move(inside, x, y, placed);
    x += inside.width + GAP;
    rowHeight = Math.max(rowHeight, inside.height);
    widest = Math.max(widest, x - GAP + MARGIN);
  }
  const size = { width: widest, height: y + rowHeight + MARGIN };
  placed.boxes.set(box.id, [0, 0, size.width, size.height]);
  return { ...placed, ...size };
}

function move(inside: Placed, dx: number, dy: number, into: Placed): void {
  for (const [id, [x, y, width, height]] of inside.boxes) into.boxes.set(id, [x + dx, y + dy, width, height]);
  for (const [id, { bends, words }] of inside.arrows)
    into.arrows.set(id, {
      bends: bends.map((at, place) => at + (place % 2 === 0 ? dx : dy)),
      words: words === null ? null : [words[0] + dx, words[1] + dy],
    });
}

/**
 * The shapes of partial partitions under test: who cannot be heard by whom, and who has to lead then.
 *
 * Source: Ng, Haridi and Carbone, "Omni-Paxos: Breaking the Barriers of Partial Connectivity", 2023, §2, for the first three;
 * mute and deaf coordinators are ours. The highest id leads before each of them.
 */

/** Nothing passes from the one to the other. */
export type Cut = readonly [from: string, to: string];

export const SHAPE_NAMES = ['quorum-loss', 'constrained', 'chained', 'mute', 'deaf'] as const;
export type ShapeName = (typeof SHAPE_NAMES)[number];

export interface Shape {
  readonly name: ShapeName;
  /** In one sentence. */
  readonly story: string;
  readonly ids: readonly string[];
  readonly cuts: readonly Cut[];
  /** A peer that hears nobody for a moment before the cut, so that its log is shorter than the others'. */
  readonly laggard: string | null;
  /** The highest of those that a quorum still hears, and that hear it. */
  readonly successor: string;
}

const FIVE = ['1', '2', '3', '4', '5'] as const;
const THREE = ['1', '2', '3'] as const;

export const SHAPES: readonly Shape[] = [
  {
    name: 'quorum-loss',
    story: 'everybody reaches 2 and nobody else: the coordinator, 5, is heard and has no quorum',
    ids: FIVE,
    cuts: allBut(FIVE, ['1-2', '2-3', '2-4', '2-5']),
    laggard: null,
    successor: '2',
  },
  {
    name: 'constrained',
    story: '1 alone reaches a quorum, and its log is the shortest: it has to adopt before it may lead',
    ids: FIVE,
    cuts: allBut(FIVE, ['1-2', '1-3', '1-4']),
    laggard: '1',
    successor: '1',
  },
  {
    name: 'chained',
    story: '1 - 2 - 3 - 4 - 5: each hears its neighbours only, and the coordinator is at an end',
    ids: FIVE,
    cuts: allBut(FIVE, ['1-2', '2-3', '3-4', '4-5']),
    laggard: null,
    successor: '4',
  },
  {
    name: 'mute',
    story: 'the coordinator hears everybody, and nobody hears it',
    ids: THREE,
    cuts: [
      ['3', '1'],
      ['3', '2'],
    ],
    laggard: null,
    successor: '2',
  },
  {
    name: 'deaf',
    story: 'everybody hears the coordinator, and it hears nobody',
    ids: THREE,
    cuts: [
      ['1', '3'],
      ['2', '3'],
    ],
    laggard: null,
    successor: '2',
  },
];

/** @throws Error when there is none of that name. */
export function shapeNamed(name: string): Shape {
  const shape = SHAPES.find((one) => one.name === name);
  if (shape === undefined) throw new Error(`there is no ${name}; choose from ${SHAPE_NAMES.join(', ')}`);
  return shape;
}

/** Both directions of every link but these, written `1-2`. */
function allBut(ids: readonly string[], links: readonly string[]): readonly Cut[] {
  const isKept = (one: string, other: string) =>
    links.includes(`${one}-${other}`) || links.includes(`${other}-${one}`);
  return ids.flatMap((from) =>
    ids.filter((to) => to !== from && !isKept(from, to)).map((to): Cut => [from, to]),
  );
}

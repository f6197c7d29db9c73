/** The words of `npm run partitions -- …`. */
import { parseArgs } from 'node:util';
import type { Network } from '../faults/network.js';
import { within } from '../faults/settings.js';
import { SHAPE_NAMES, type Shape, shapeNamed } from './shapes.js';

export interface PartitionSettings {
  readonly shapes: readonly Shape[];
  readonly networks: readonly Network['kind'][];
  /** How often each shape is tried on each network. */
  readonly times: number;
  readonly suspectMs: number;
  /** Of suspect time-outs, from the cut to the first acknowledgement: what takes longer is a failure. */
  readonly limit: number;
  readonly seed: number;
  readonly ledger: string | undefined;
  readonly isJson: boolean;
  readonly isTraced: boolean;
  /** The folder stays even when all is well. */
  readonly isKept: boolean;
}

const NETWORKS = ['proxy', 'netns'] as const satisfies readonly Network['kind'][];

export const USAGE = `usage: npm run partitions -- [--shapes ${SHAPE_NAMES.join(',')}] [--networks ${NETWORKS.join(',')}] [--times 1]
                          [--suspect-ms 1000] [--limit 4] [--seed N] [--ledger FILE] [--trace] [--keep] [--json]
`;

/** @throws Error with one line to act on. */
export function readSettings(words: readonly string[]): PartitionSettings {
  const { values } = parseArgs({
    args: [...words],
    options: {
      shapes: { type: 'string', default: SHAPE_NAMES.join(',') },
      networks: { type: 'string', default: NETWORKS.join(',') },
      times: { type: 'string', default: '1' },
      'suspect-ms': { type: 'string', default: '1000' },
      limit: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      ledger: { type: 'string' },
      trace: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  return {
    shapes: values.shapes.split(',').map((name) => shapeNamed(name.trim())),
    networks: values.networks.split(',').map((name) => networkNamed(name.trim())),
    times: Math.floor(within('--times', values.times, 1, 1000)),
    suspectMs: Math.round(within('--suspect-ms', values['suspect-ms'], 200, 60_000)),
    limit: within('--limit', values.limit, 1, 100),
    seed: within('--seed', values.seed, 0, 2 ** 31),
    ledger: values.ledger,
    isJson: values.json,
    isTraced: values.trace,
    isKept: values.keep,
  };
}

function networkNamed(name: string): Network['kind'] {
  const kind = NETWORKS.find((known) => known === name);
  if (kind === undefined)
    throw new Error(`--networks: there is no ${name}; choose from ${NETWORKS.join(', ')}`);
  return kind;
}

/**
 * Rules of snapshots and damaged disks, switched off one at a time. Those of the sequencer are hunted by core walks, which
 * compact and damage far more often than whole clusters do.
 */
import type { FaultKind } from '../../apps/simulator/scenario.js';
import type { Patch } from '../bundle.mjs';

export interface StorageMutant extends Patch {
  readonly rule: string;
  readonly engine: 'core' | 'full';
  readonly kinds?: readonly FaultKind[];
}

const SNAPSHOTS = 'machines/sequencer-snapshots.ts';
const DAMAGED = 'machines/sequencer-damaged.ts';
const RECOVERY = 'machines/sequencer-recovery.ts';
const LOG = 'machines/values/log.ts';
const DELIVERY = 'actors/delivery.ts';

export const STORAGE: readonly StorageMutant[] = [
  {
    name: 'install-durable',
    rule: 'Of the old log’s durability only what was committed survives an installation.',
    engine: 'core',
    file: SNAPSHOTS,
    from: 'durable: { ...durable, last: Math.min(durable.last, commit) },',
    to: 'durable: { ...durable, last: Math.max(durable.last, commit) },',
  },
  {
    name: 'forgets-configuration',
    rule: 'A snapshot carries the configuration that holds where it ends.',
    engine: 'core',
    file: LOG,
    from: 'if (this.configurationIndex <= this.base.lastIndex) return this.base.configuration;',
    to: 'if (this.configurationIndex < this.base.lastIndex) return NO_CONFIGURATION;',
  },
  {
    name: 'corruptvote',
    rule: 'A peer whose disk lacks what it acknowledged gives no promise.',
    engine: 'core',
    file: DAMAGED,
    from: "    'sequencer.collect': {},\n",
    to: '',
  },
  {
    name: 'corruptcount',
    rule: 'It says with every acknowledgement that it does not count.',
    engine: 'core',
    file: 'machines/sequencer-letters.ts',
    from: 'damaged: true } as SequencerMessage',
    to: '} as SequencerMessage',
  },
  {
    name: 'nohandshake',
    rule: 'It is not whole before a coordinator has said, after the damage, how far it must come.',
    engine: 'core',
    file: DAMAGED,
    from: "initial: 'asking',",
    to: "initial: 'mending',",
  },
  {
    name: 'recovers-in-memory',
    rule: 'It is whole once it holds all of it on its disk, not before.',
    engine: 'core',
    file: RECOVERY,
    from: 'Math.min(durable.last, verified) >= answer.lastIndex;',
    to: 'verified >= answer.lastIndex || durable.last >= 0;',
  },
  {
    name: 'keys-lost',
    rule: 'Idempotency keys outlive a snapshot.',
    engine: 'full',
    file: DELIVERY,
    from: 'const state = { format: 1, sessions: table.state(),',
    to: 'const state = { format: 1, sessions: { ...table.state(), keys: [] },',
    kinds: ['load', 'crash', 'partition'],
  },
  {
    name: 'sessions-renumbered',
    rule: 'A restored session goes on with the number it had come to.',
    engine: 'full',
    file: 'machines/values/session-table.ts',
    from: '    this.#keys = new Map(state.keys);',
    to: '    this.#keys = new Map(state.keys);\n    for (const session of this.#sessions.values()) session.next = 1;',
    kinds: ['load', 'crash', 'partition'],
  },
  {
    name: 'state-of-the-moment',
    rule: 'A snapshot holds the state of its own place, not of a later one.',
    engine: 'full',
    file: DELIVERY,
    from: 'const { index, state, hash: stateHash } = ripe.cut;',
    to: 'const { index, hash: stateHash } = ripe.cut; const state = JSON.stringify({ format: 1, sessions: table.state(), ...input.deliveries.state(), hash: hash.state });',
    kinds: ['load', 'crash', 'partition'],
  },
  {
    name: 'history-restarts',
    rule: 'Deliveries behind a snapshot go on with its numbers.',
    engine: 'full',
    file: 'actors/deliveries.ts',
    from: '    this.#all.dropped = sequence;\n',
    to: '',
    kinds: ['load', 'crash'],
  },
  {
    name: 'full-is-done',
    rule: 'What found no room on the disk is written again.',
    engine: 'full',
    file: 'machines/journal.ts',
    from: 'waiting: [...context.given, ...context.waiting], given: []',
    to: 'waiting: context.waiting, given: []',
    kinds: ['full-disk', 'load'],
  },
];

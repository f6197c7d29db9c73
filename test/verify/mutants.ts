/**
 * The shipped core with one rule switched off at a time. Each must make `bullpen verify` find a broken invariant within the
 * bounds that stand beside it: a search that never failed proves nothing.
 */
import type { Mutant } from './mutant.js';
import { DISKS_MUTANTS } from './mutants-disks.js';
import { ELECTION_MUTANTS } from './mutants-election.js';
import { REPLICATION_MUTANTS } from './mutants-replication.js';
import { VOTERS_MUTANTS } from './mutants-voters.js';

export type { Mutant };

export const MUTANTS: readonly Mutant[] = [
  ...ELECTION_MUTANTS,
  ...REPLICATION_MUTANTS,
  ...VOTERS_MUTANTS,
  ...DISKS_MUTANTS,
];

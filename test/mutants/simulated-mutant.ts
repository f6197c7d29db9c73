/** A mutant that the simulator has to catch. */
import type * as z from 'zod';
import type { FaultKind, Scenario } from '../../apps/simulator/scenario.js';
import type { Patch } from '../bundle.mjs';

export type Story = Pick<z.input<typeof Scenario>, 'horizonMs' | 'options' | 'faults' | 'founding'>;

export interface SimulatedMutant extends Patch {
  /** The rule that is switched off. */
  readonly rule: string;
  readonly room:
    | 'sessions'
    | 'clients'
    | 'reads'
    | 'views'
    | 'journal'
    | 'failure detector'
    | 'election'
    | 'handover'
    | 'membership'
    | 'delivery'
    | 'causal';
  /** Faults that show it sooner; all by default. */
  readonly kinds?: readonly FaultKind[];
  /** Played with seed after seed instead of what seeds draw, where what shows it is rare: faults that must meet. */
  readonly story?: Story;
  /** Peers that found the cluster: more than three where the rule is for a second death; 3 by default. */
  readonly peers?: number;
}

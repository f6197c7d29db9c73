/** What a mutant of the safety core is. */
import type { VerifySettings } from '../../apps/verify/settings.js';
import type { Patch } from '../bundle.mjs';

export interface Mutant extends Patch {
  /** The rule that is switched off. */
  readonly rule: string;
  /** Flags of the search that finds it; the rest as by default. */
  readonly bounds: Partial<VerifySettings>;
}

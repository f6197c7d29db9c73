/** Waits: promises that are kept once something holds, looked at whenever the actor has moved. */
import type { Clock } from '../transport/transport.js';
import type { ClusterError } from './errors.js';

export class Waits {
  readonly #clock: Clock;
  readonly #checks = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something has moved. */
  wake(): void {
    if (this.#checks.size > 0) for (const check of [...this.#checks]) check();
  }

  /** Resolves when `test` answers true, and rejects when it answers an error; with `late` after `timeoutMs`. */
  until(test: () => boolean | ClusterError, timeoutMs?: number, late?: () => ClusterError): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => {
        this.#checks.delete(check);
        this.#clock.clearTimeout(timer);
        settle();
      };
      const check = () => {
        const outcome = test();
        if (outcome === true) done(resolve);
        else if (outcome !== false) done(() => reject(outcome));
      };
      const timer =
        timeoutMs === undefined
          ? undefined
          : this.#clock.setTimeout(() => done(() => reject(late?.())), timeoutMs);
      this.#checks.add(check);
      check();
    });
  }
}

/** What replicas have answered lately, by submission: for whoever executes here, and for the clients that do so through here. */

/** So many answers are kept; of more, the oldest go. */
export const RESULTS_MAX = 4096;

export class Results {
  readonly #byId = new Map<string, unknown>();

  keep(id: string, result: unknown): void {
    this.#byId.set(id, result);
    if (this.#byId.size <= RESULTS_MAX) return;
    const oldest = this.#byId.keys().next().value;
    if (oldest !== undefined) this.#byId.delete(oldest);
  }

  /** Undefined when it is not known here: there was none, it has been forgotten, or no such replica runs here. */
  of(id: string): unknown {
    return this.#byId.get(id);
  }
}

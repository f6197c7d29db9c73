/**
 * The publisher: offers to the cluster what a source measures, in order, and tells what came of it.
 *
 *   publishing ── the source ends ──▶ finishing ── all are delivered ──▶ ended
 *
 * While there is no coordinator measurements wait, up to a bound; then the source waits, too. None is lost or doubled by that.
 */
import { ClusterError, type Peer } from '../../actors/index.js';
import type { Say } from '../node/console.js';
import type { Measurement } from './measurement.js';
import type { Source } from './source.js';
import { sensorReplica } from './state.js';

/** Measurements that may wait for their delivery here. */
const WAITING_MAX = 256;

export interface Published {
  readonly delivered: number;
  /** Lines of the source that were no reading. */
  readonly skipped: number;
}

/** What stands at the console about it. */
export interface Progress extends Published {
  readonly waiting: number;
  readonly stage: 'publishing' | 'finishing' | 'ended';
}

export class Publisher {
  /** Resolves once all the source had is delivered; or, when the peer has stopped first, with how far it came. */
  readonly ended: Promise<Published>;
  readonly #peer: Peer;
  readonly #say: Say;
  readonly #waiting = new Set<Promise<void>>();
  #delivered = 0;
  #skipped = 0;
  #stage: Progress['stage'] = 'publishing';

  constructor(peer: Peer, source: Source, say: Say) {
    this.#peer = peer;
    this.#say = say;
    this.ended = this.#publish(source);
  }

  progress(): Progress {
    const { size: waiting } = this.#waiting;
    return { delivered: this.#delivered, skipped: this.#skipped, waiting, stage: this.#stage };
  }

  async #publish(source: Source): Promise<Published> {
    for await (const sample of source) {
      if (sample.kind === 'measured') await this.#offer(sample.measurement, sample.key);
      else this.#skip(sample.line, sample.reason);
    }
    this.#stage = 'finishing';
    await Promise.all(this.#waiting);
    this.#stage = 'ended';
    return this.progress();
  }

  async #offer(measurement: Measurement, key: string | undefined): Promise<void> {
    const offered = this.#peer
      .replica(sensorReplica)
      .execute({ type: 'reading', ...measurement }, key === undefined ? {} : { key })
      .then(
        () => {
          this.#delivered++;
        },
        (problem: unknown) => this.#fail(problem),
      )
      .finally(() => this.#waiting.delete(offered));
    this.#waiting.add(offered);
    while (this.#waiting.size >= WAITING_MAX) await Promise.race(this.#waiting);
  }

  #skip(line: number, reason: string): void {
    this.#skipped++;
    this.#say('line_skipped', { line, reason }, `line ${line} ${reason}; skipped`);
  }

  /** What a stopped peer leaves behind is said once, when it has stopped. */
  #fail(problem: unknown): void {
    if (!(problem instanceof ClusterError)) throw problem;
    if (problem.code === 'stopped') return;
    this.#say(
      'warning',
      { code: problem.code, detail: problem.message },
      `not published: ${problem.message}`,
    );
  }
}

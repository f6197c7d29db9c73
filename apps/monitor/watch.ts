/** The watch itself: every address asked, what they say put together, and told to whoever looks on. */
import { EXIT, ProgramFailure } from '../node/exit.js';
import { Beats } from './beats.js';
import { PeerSource } from './source.js';
import { advance, type Cluster, type Happening, type MonitorEvent, openCluster } from './state.js';

/** What an onlooker is told; `events` may be none when only numbers have changed. */
export type Onlooker = (at: number, cluster: Cluster, events: readonly MonitorEvent[]) => void;

/** A message that says nothing but that its sender is alive. */
const HEARTBEAT = 'failure.heartbeat';

/** A peer that is being started needs this long, on a machine that is busy. */
const FIRST_WITHIN_MS = 10_000;

export class Watch {
  readonly beats = new Beats();
  readonly sources: readonly PeerSource[];
  readonly #onlooker: Onlooker;
  readonly #reasons = new Map<string, string>();
  #cluster: Cluster;
  #found: () => void = () => {};

  /** Begins to ask at once. */
  constructor(origins: readonly string[], onlooker: Onlooker) {
    this.#cluster = openCluster(origins);
    this.#onlooker = onlooker;
    this.sources = origins.map((origin) => new PeerSource(origin, (happening) => this.#hear(happening)));
  }

  get cluster(): Cluster {
    return this.#cluster;
  }

  /** Resolves once a peer has answered. @throws ProgramFailure 75 when none has in time, with what came instead. */
  async finds(withinMs: number = FIRST_WITHIN_MS): Promise<void> {
    const found = new Promise<'found'>((resolve) => {
      this.#found = () => resolve('found');
      if (this.#cluster.faces.some(({ status }) => status !== null)) this.#found();
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, withinMs, 'late');
    });
    const how = await Promise.race([found, late]);
    clearTimeout(timer);
    if (how === 'found') return;
    const said = [...this.#reasons].map(([origin, reason]) => `${origin}: ${reason}`);
    throw new ProgramFailure(
      EXIT.unavailable,
      `--http: no peer answers (waited ${withinMs / 1000} s): ${said.join('; ') || 'nothing came'}; is it running with --http?`,
    );
  }

  close(): void {
    for (const source of this.sources) source.close();
  }

  #hear(happening: Happening): void {
    const at = Date.now();
    if (happening.type === 'silent') this.#reasons.set(happening.origin, happening.reason);
    if (happening.type === 'recorded') {
      const { k, ev, fr } = happening.record;
      if (k === 'receive' && ev === HEARTBEAT && fr !== undefined) this.beats.hear(fr, at);
    }
    const before = this.#cluster;
    const { cluster, events } = advance(before, happening);
    this.#cluster = cluster;
    if (happening.type === 'answered') this.#found();
    if (cluster !== before || events.length > 0) this.#onlooker(at, cluster, events);
  }
}

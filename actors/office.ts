/** The handle's side of the coordinator's office: who wants it handed over, and what runs only while we hold it. */
import type { PeerId, Term } from '../transport/protocol.js';
import type { Clock } from '../transport/transport.js';
import type * as api from './api.js';
import type { Report } from './environment.js';
import { ClusterError } from './errors.js';
import type { Timings } from './options.js';
import type { PeerCommand } from './peer-events.js';

type Declined = Extract<Report, { type: 'declined' }>;

interface Petition {
  readonly to: PeerId;
  readonly settle: (outcome: { coordinator: PeerId; term: Term } | ClusterError) => void;
}

const WORDS: Readonly<Record<Declined['reason'], string>> = {
  'not-coordinator': 'the coordinator has changed meanwhile: ask again',
  unknown: 'is no member of the cluster',
  'not-a-voter': 'only learns, and cannot coordinate',
  unreachable: 'is not fit to coordinate: it is out of reach, or on its way out',
  behind: 'has not caught up yet',
  busy: 'another handover is under way',
  aborted: 'did not take over in time; the old coordinator serves again',
};

const CODES: Partial<Record<Declined['reason'], ClusterError['code']>> = {
  unknown: 'unknown-member',
  'not-a-voter': 'not-a-voter',
  aborted: 'handover-failed',
};

/** How many may wait for one handover: there is only one at a time. */
const PETITIONS_MAX = 64;
/** Two attempts, each with the time the election gives it; then what waits here is not waited for any longer. */
const DRAINED_WITHIN_HANDOVERS = 10;

/** What the office needs of the handle. */
export interface Surroundings {
  readonly clock: Clock;
  readonly timings: Timings;
  readonly status: () => api.Status;
  /** Submissions of this peer that have no outcome. */
  readonly pending: () => number;
  readonly tell: (command: PeerCommand) => void;
  readonly warn: (detail: string) => void;
}

export class Office {
  readonly #around: Surroundings;
  readonly #petitions = new Set<Petition>();
  readonly #tasks = new Map<api.CoordinationTask, AbortController | null>();
  #fence: api.Fence | null = null;
  #isVacant = false;
  /** Whoever waits until nothing is left to do here. */
  readonly #leavers = new Set<() => void>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Resolves once `to` is followed here. */
  async transfer(to: PeerId): Promise<{ coordinator: PeerId; term: Term }> {
    const { coordinator, term, role, notReady, view } = this.#around.status();
    const member = view.members.find(({ id }) => id === to);
    if (role === 'stopped') throw new ClusterError('stopped', 'this peer has stopped');
    if (member === undefined) throw new ClusterError('unknown-member', `${to}: ${WORDS.unknown}`);
    if (member.role !== 'voter') throw new ClusterError('not-a-voter', `${to}: ${WORDS['not-a-voter']}`);
    if (coordinator === null) throw new ClusterError('no-coordinator', notReady ?? 'no coordinator is known');
    if (coordinator === to) return { coordinator, term };
    return this.#petition(to);
  }

  /** Resolves once nobody is led from here and nothing that was submitted here waits, or after a while. */
  drained(): Promise<void> {
    const { clock, timings, tell } = this.#around;
    return new Promise((resolve) => {
      const done = () => {
        clock.clearTimeout(timer);
        this.#leavers.delete(done);
        resolve();
      };
      const timer = clock.setTimeout(done, DRAINED_WITHIN_HANDOVERS * timings.handoverTimeoutMs);
      this.#leavers.add(done);
      tell({ type: 'peer.drain' });
      this.look();
    });
  }

  /** Something has been settled: perhaps nothing waits any more. */
  look(): void {
    if (!this.#isVacant || this.#around.pending() > 0) return;
    for (const done of [...this.#leavers]) done();
  }

  #petition(to: PeerId): Promise<{ coordinator: PeerId; term: Term }> {
    const { clock, timings, tell } = this.#around;
    const limitMs = 3 * timings.handoverTimeoutMs + 2 * timings.suspectTimeoutMs;
    return new Promise((resolve, reject) => {
      if (this.#petitions.size >= PETITIONS_MAX) {
        reject(new ClusterError('overloaded', 'too many wait for a handover already'));
        return;
      }
      const petition: Petition = {
        to,
        settle: (outcome) => {
          this.#petitions.delete(petition);
          clock.clearTimeout(timer);
          if (outcome instanceof ClusterError) reject(outcome);
          else resolve(outcome);
        },
      };
      const late = () =>
        petition.settle(new ClusterError('outcome-unknown', `no answer in time; ${to} may still take over`));
      const timer = clock.setTimeout(late, limitMs);
      this.#petitions.add(petition);
      tell({ type: 'peer.transfer', to });
    });
  }

  /** Runs `task` now, if we serve, and whenever we do. */
  add(task: api.CoordinationTask): () => void {
    this.#tasks.set(task, null);
    this.#begin(task);
    return () => {
      this.#tasks.get(task)?.abort();
      this.#tasks.delete(task);
    };
  }

  hear(report: Report): void {
    switch (report.type) {
      case 'coordinator':
        for (const petition of [...this.#petitions])
          if (petition.to === report.coordinator)
            petition.settle({ coordinator: report.coordinator, term: report.term });
        break;
      case 'declined':
        this.#decline(report);
        break;
      case 'serving':
        this.#fence = report.fence;
        for (const task of this.#tasks.keys()) this.#begin(task);
        break;
      case 'unseated':
        this.#end();
        break;
      case 'drained':
        this.#isVacant = true;
        break;
    }
    this.look();
  }

  /** The peer has stopped. */
  close(error: ClusterError): void {
    this.#end();
    for (const petition of [...this.#petitions]) petition.settle(error);
    for (const done of [...this.#leavers]) done();
  }

  #decline({ to, reason }: Declined): void {
    const error = new ClusterError(CODES[reason] ?? 'handover-refused', `${to}: ${WORDS[reason]}`);
    for (const petition of [...this.#petitions]) if (petition.to === to) petition.settle(error);
  }

  #begin(task: api.CoordinationTask): void {
    if (this.#fence === null || this.#tasks.get(task) !== null) return;
    const controller = new AbortController();
    this.#tasks.set(task, controller);
    const reign = { signal: controller.signal, fence: this.#fence };
    const failed = (problem: unknown) =>
      this.#around.warn(problem instanceof Error ? problem.message : String(problem));
    try {
      Promise.resolve(task(reign)).catch(failed);
    } catch (problem) {
      failed(problem);
    }
  }

  #end(): void {
    this.#fence = null;
    for (const [task, controller] of this.#tasks) {
      controller?.abort();
      this.#tasks.set(task, null);
    }
  }
}

/** The handle itself: what a caller asks becomes events to the peer actor, what it reports settles promises. */
import type { Actor } from 'xstate';
import type { Term } from '../transport/protocol.js';
import type * as api from './api.js';
import { Broadcasts } from './broadcasts.js';
import type { Deliveries, DeliveryListener } from './deliveries.js';
import { deliveryStream, type StreamOptions } from './delivery-stream.js';
import type { Environment, Report } from './environment.js';
import { ClusterError } from './errors.js';
import { Listeners } from './listeners.js';
import { inspectPeer, tracePeer } from './observer.js';
import { Office } from './office.js';
import { type PeerOptions, timingsOf } from './options.js';
import type { peerMachine } from './peer.js';
import { beliefsOf, type Core, causalityOf, coreOf, machinesOf, statusOf, watchCore } from './peer-status.js';
import { Readings } from './readings.js';
import { hostReplica } from './replica.js';
import { checkedSubmission } from './submission-check.js';
import { type Settle, Submissions } from './submissions.js';
import { Timekeeper } from './timekeeper.js';
import { Waits } from './waits.js';

const LEFT = { code: 'left', detail: 'left' } as const;
const STOPPED = { code: 'stopped', detail: 'stopped' } as const;

export class PeerHandle implements api.Peer {
  readonly listening: Promise<void>;
  readonly #actor: Actor<typeof peerMachine>;
  readonly #options: PeerOptions;
  readonly #environment: Environment;
  readonly #deliveries: Deliveries;
  readonly #counters: ReadonlyMap<string, number>;
  readonly #listeners = new Listeners<api.PeerEvents>();
  readonly causal: Broadcasts;
  readonly #submissions: Submissions;
  readonly readings: Readings;
  readonly #timekeeper: Timekeeper;
  readonly #office: Office;
  #coordinator: string | null = null;
  #role: api.Status['role'] = 'unjoined';
  readonly #waits: Waits;
  readonly #replicas = new Map<object, unknown>();
  #end: ClusterError | null = null;
  #isStopped = false;

  constructor(
    actor: Actor<typeof peerMachine>,
    options: PeerOptions,
    environment: Environment,
    deliveries: Deliveries,
    counters: ReadonlyMap<string, number>,
  ) {
    this.#actor = actor;
    this.#options = options;
    this.#environment = environment;
    this.#deliveries = deliveries;
    this.#counters = counters;
    this.#submissions = new Submissions(
      options,
      environment,
      (submissions) => actor.send({ type: 'submissions.offered', submissions }),
      () => this.status().notReady ?? 'no coordinator is known',
    );
    this.#office = new Office({
      clock: environment.clock,
      timings: timingsOf(options),
      status: () => this.status(),
      pending: () => this.#submissions.size,
      tell: (command) => actor.send(command),
      warn: (detail) => this.#listeners.emit('warning', { code: 'coordination-task-failed', detail }),
    });
    this.#waits = new Waits(environment.clock);
    this.causal = new Broadcasts(
      (topic, payload) => actor.send({ type: 'broadcast.wanted', topic, payload }),
      () => causalityOf(actor),
    );
    this.#timekeeper = new Timekeeper(
      environment.wallClock,
      (topic, payload) => void this.submit(topic, payload).catch(() => {}),
      (inMs) => actor.send({ type: 'deadlines.told', inMs }),
    );
    this.readings = new Readings(environment.clock, {
      want: (number) => actor.send({ type: 'reading.wanted', number }),
      applied: () => deliveries.applied,
      sequence: () => deliveries.sequence,
    });
    deliveries.listen(() => this.readings.check());
    this.listening = this.#until(() => actor.getSnapshot().matches('running') || null);
    this.listening.catch(() => {});
    actor.subscribe({
      next: () => this.#waits.wake(),
      error: (error) => this.hear({ type: 'failed', code: 'defect', detail: String(error) }),
    });
  }

  get id(): string {
    return this.#options.id;
  }

  get address(): string {
    return this.#actor.getSnapshot().context.me.address;
  }

  async ready({ timeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    const late = () =>
      new ClusterError(
        'not-ready-in-time',
        `not ready after ${timeoutMs} ms: ${this.status().notReady ?? 'almost'}`,
      );
    await this.#until(() => this.status().ready || null, timeoutMs, late);
  }

  submit(topic: string, payload: unknown, options?: api.SubmitOptions): Promise<api.Receipt> {
    return new Promise((resolve, reject) => this.offer(topic, payload, options ?? {}, { resolve, reject }));
  }

  /** As `submit`, but calls back within the step that settles it: a simulator cannot wait for promises. */
  offer(topic: string, payload: unknown, { key, timeoutMs }: api.SubmitOptions, settle: Settle): void {
    const checked = checkedSubmission(topic, payload, key);
    if (checked instanceof ClusterError) settle.reject(checked);
    else if (this.#end !== null) settle.reject(this.#end);
    else this.#submissions.add(checked, timeoutMs, settle);
  }

  read(options?: api.ReadOptions): Promise<{ readonly sequence: number }> {
    return this.readings.read(options);
  }

  deliveries(options: StreamOptions = {}): AsyncGenerator<api.Delivery> {
    const ending = {
      isOver: () => this.#end !== null,
      onOver: (task: () => void) => this.on('stopped', task),
    };
    return deliveryStream(this.#deliveries, options, ending);
  }

  history({ topic, after = 0, limit = 100 }: { topic?: string; after?: number; limit?: number } = {}) {
    return this.#deliveries.after(after, limit, topic);
  }

  dropped(topic?: string): number {
    return this.#deliveries.dropped(topic);
  }

  topics(): ReadonlyMap<string, number> {
    return this.#deliveries.topics();
  }

  replica<State, Command, Result>(definition: api.ReplicaDefinition<State, Command, Result>) {
    const known = this.#replicas.get(definition) as api.ReplicaHandle<State, Command, Result> | undefined;
    const hosted =
      known ??
      hostReplica(
        definition,
        this.#deliveries,
        (topic, payload, options) => this.submit(topic, payload, options),
        this.#timekeeper,
      );
    this.#replicas.set(definition, hosted);
    return hosted;
  }

  status(): api.Status {
    return statusOf(this.#actor, this.#options, this.#environment.pid, this.#deliveries.sequence);
  }

  /** What safety is about, as it stands; null before the journal is open. */
  core(): Core | null {
    return coreOf(this.#actor);
  }

  /** Calls `listener` with it, within every step that may have changed it. For simulators. */
  onCore(listener: (core: Core) => void): void {
    watchCore(this.#actor, listener);
  }

  /** Calls `listener` with every delivery, within the step that makes it. */
  onDeliveries(listener: DeliveryListener): () => void {
    return this.#deliveries.listen(listener);
  }

  beliefs(): readonly api.Belief[] {
    return beliefsOf(this.#actor);
  }

  machines() {
    return machinesOf(this.#actor);
  }

  counters(): Readonly<Record<string, number>> {
    const waiting = { submissions_pending: this.#submissions.size };
    return { ...Object.fromEntries(this.#counters), ...waiting };
  }

  on<Name extends keyof api.PeerEvents>(
    name: Name,
    listener: (event: api.PeerEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  trace(record: (record: api.TraceRecord) => void): () => void {
    return tracePeer(this.#actor, this.id, () => this.#environment.clock.now(), record);
  }

  inspect(observer: (event: api.InspectedEvent) => void): () => void {
    return inspectPeer(this.#actor, observer);
  }

  transfer(to: string): Promise<{ readonly coordinator: string; readonly term: Term }> {
    return this.#office.transfer(to);
  }

  onCoordination(task: api.CoordinationTask): () => void {
    return this.#office.add(task);
  }

  async drain(): Promise<void> {
    await this.#office.drained();
    await this.stop();
  }

  async leave(): Promise<void> {
    this.#actor.send({ type: 'peer.leave' });
    await this.#stopped();
  }

  async stop(): Promise<void> {
    this.#actor.send({ type: 'peer.stop' });
    await this.#stopped();
  }

  /** Ends the actor on the spot, as a crash would: for simulators and tests. What waits is never answered. */
  crash(): void {
    this.#actor.stop();
  }

  /** The actor's side: our submission of that number has its place. */
  settle(number: number, receipt: api.Receipt): void {
    this.#submissions.settle(number, receipt);
    this.#office.look();
  }

  /** The actor's side: ours up to that number stand somewhere. */
  skip(upTo: number): void {
    this.#submissions.skip(upTo);
  }

  /** The actor's side: something has happened that people outside may want to know. */
  hear(report: Report): void {
    switch (report.type) {
      case 'coordinator':
        if (report.coordinator !== this.#coordinator)
          this.#listeners.emit('coordinator', { coordinator: report.coordinator, term: report.term });
        this.#coordinator = report.coordinator;
        this.#submissions.setOpen(report.coordinator !== null);
        break;
      case 'view':
        this.#listeners.emit('view', report.view);
        break;
      case 'suspected':
      case 'trusted':
        this.#listeners.emit(report.type, { member: report.member });
        break;
      case 'warning':
        this.#listeners.emit('warning', { code: report.code, detail: report.detail });
        break;
      case 'lost':
        this.#listeners.emit('lost', { lost: report.lost });
        break;
      case 'failed':
        this.#finish(new ClusterError(report.code, report.detail), { code: 'failed', detail: report.detail });
        break;
      case 'left':
        this.#finish(new ClusterError('stopped', 'this peer has left the cluster'), LEFT);
        break;
      case 'stopped':
        this.#isStopped = true;
        this.#finish(new ClusterError('stopped', 'this peer has stopped'), STOPPED);
        break;
      case 'broadcasts':
        this.causal.tell(report.messages);
        break;
      case 'deadlines':
        this.#timekeeper.look();
        break;
      case 'reading':
        this.readings.serve(report, (answer) => this.#actor.send(answer));
        break;
      case 'readable':
        this.readings.granted(report.upTo, report.index);
        break;
      case 'expired':
        this.#submissions.expire();
        break;
      case 'drained':
      case 'declined':
      case 'serving':
      case 'unseated':
      case 'pulse':
        this.readings.check();
        break;
      default:
        report satisfies never;
    }
    this.#office.hear(report);
    this.#noteRole();
    this.#waits.wake();
  }

  #noteRole(): void {
    if (!this.#listeners.has('role')) return;
    const { role } = this.status();
    if (role === this.#role) return;
    this.#role = role;
    this.#listeners.emit('role', { role });
  }

  /** The first end is the reason: what waits is told, and nothing new is taken. */
  #finish(error: ClusterError, stopped: api.PeerEvents['stopped']): void {
    if (this.#end !== null) return;
    this.#end = error;
    this.#submissions.end(error.message);
    this.readings.end(error);
    this.causal.end(error);
    this.#office.close(error);
    this.#listeners.emit('stopped', stopped);
  }

  /** Once the peer has ended nothing else comes true. */
  #until(test: () => true | null, timeoutMs?: number, late?: () => ClusterError): Promise<void> {
    return this.#waits.until(() => this.#end ?? test() ?? false, timeoutMs, late);
  }

  #stopped(): Promise<void> {
    return this.#waits.until(() => {
      const snapshot = this.#actor.getSnapshot();
      return this.#isStopped || snapshot.status !== 'active' || snapshot.matches('failed');
    });
  }
}

/** The handle of a client: what a caller asks becomes events to the client actor, what it reports settles promises. */
import type { Actor } from 'xstate';
import type * as api from './api.js';
import type { ClientOutlet, clientMachine } from './client.js';
import type { ClientOptions } from './client-options.js';
import type { ClientEnvironment } from './environment.js';
import { ClusterError } from './errors.js';
import { Listeners } from './listeners.js';
import { Readings } from './readings.js';
import { topicOf } from './replica.js';
import { checkedSubmission } from './submission-check.js';
import { type Settle, Submissions } from './submissions.js';
import { type Subscription, Subscriptions } from './subscriptions.js';

export class ClientHandle implements api.Client, ClientOutlet {
  readonly id: string;
  readonly #options: ClientOptions;
  readonly #submissions: Submissions;
  readonly #subscriptions: Subscriptions;
  /** As `read`, for whoever cannot wait for promises. */
  readonly readings: Readings;
  /** How far the last reading reached. */
  #readUpTo = 0;
  readonly #listeners = new Listeners<api.ClientEvents>();
  /** Results of commands, until the promise that waits for them has seen them. */
  readonly #results = new Map<string, unknown>();
  #actor: Actor<typeof clientMachine> | undefined;
  #executing = 0;
  #peer: string | null = null;
  #coordinator: string | null = null;
  #trouble = 'no peer has answered yet';
  #end: ClusterError | null = null;

  constructor(id: string, options: ClientOptions, environment: ClientEnvironment) {
    this.id = id;
    this.#options = options;
    this.#submissions = new Submissions(
      options,
      environment,
      (submissions) => this.#actor?.send({ type: 'submissions.offered', submissions }),
      () => (this.#peer === null ? this.#trouble : 'the peer it is attached to knows no coordinator'),
    );
    this.readings = new Readings(environment.clock, {
      want: (number) => this.#actor?.send({ type: 'reading.wanted', number }),
      // Its peer answers when it has applied enough itself.
      applied: () => Number.POSITIVE_INFINITY,
      sequence: () => this.#readUpTo,
    });
    this.#subscriptions = new Subscriptions(id, (message) =>
      this.#actor?.send({ type: 'desk.wanted', message }),
    );
  }

  run(actor: Actor<typeof clientMachine>): void {
    this.#actor = actor;
    actor.subscribe({ error: (error) => this.failed(String(error)) });
    actor.start();
  }

  submit(topic: string, payload: unknown, options?: api.SubmitOptions): Promise<api.Receipt> {
    return new Promise((resolve, reject) => this.offer(topic, payload, options ?? {}, { resolve, reject }));
  }

  /** As `submit`, but calls back within the step that settles it. */
  offer(topic: string, payload: unknown, options: api.SubmitOptions, settle: Settle): void {
    const checked = checkedSubmission(topic, payload, options.key);
    if (checked instanceof ClusterError) settle.reject(checked);
    else if (this.#end !== null) settle.reject(this.#end);
    else this.#submissions.add(checked, options.timeoutMs ?? this.#options.timeoutMs, settle);
  }

  read({ timeoutMs = this.#options.timeoutMs }: Pick<api.ReadOptions, 'timeoutMs'> = {}) {
    return this.readings.read({ ...(timeoutMs !== undefined && { timeoutMs }) });
  }

  replica<State, Command, Result>(definition: api.ReplicaDefinition<State, Command, Result>) {
    return {
      execute: (command: Command, options?: api.SubmitOptions) => this.#execute(definition, command, options),
    };
  }

  async #execute<State, Command, Result>(
    { name, command: schema }: api.ReplicaDefinition<State, Command, Result>,
    command: Command,
    options: api.SubmitOptions = {},
  ): Promise<{ readonly result: Result; readonly sequence: number }> {
    const parsed = schema.safeParse(command);
    if (!parsed.success) throw new ClusterError('bad-command', `${name}: ${parsed.error.issues[0]?.message}`);
    this.#executing += 1;
    try {
      const { id, sequence } = await this.submit(topicOf(name), command, options);
      if (!this.#results.has(id))
        throw new ClusterError(
          'no-result',
          `${name}: the command stands at ${sequence}, its result is not known there`,
        );
      return { result: this.#results.get(id) as Result, sequence };
    } finally {
      this.#executing -= 1;
      if (this.#executing === 0) this.#results.clear();
    }
  }

  async *deliveries(
    options: { readonly topic?: string; readonly after?: number; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<api.Delivery> {
    const { topic, after, signal } = options;
    if (this.#subscriptions.size >= 16)
      throw new ClusterError('overloaded', 'a client follows 16 things at a time at most');
    const subscription = this.#subscriptions.add(topic ?? null, after ?? 0);
    try {
      while (signal?.aborted !== true) {
        const delivery = subscription.ahead.shift();
        if (delivery !== undefined) {
          this.#subscriptions.more(subscription);
          yield delivery;
        } else if (this.#end !== null) return;
        else if (subscription.gone !== null && subscription.after === 0)
          this.#subscriptions.skip(subscription);
        else if (subscription.gone !== null)
          throw new ClusterError(
            'history-gone',
            `the first ${subscription.gone} deliveries are not kept any more`,
          );
        else await woken(subscription, signal);
      }
    } finally {
      this.#subscriptions.remove(subscription);
    }
  }

  /**
   * As `deliveries`, but calls back within the step that brings them, and goes on behind what is gone: a simulator cannot
   * wait for promises.
   */
  follow(listener: (deliveries: readonly api.Delivery[]) => void, onGone: (dropped: number) => void): void {
    const subscription = this.#subscriptions.add(null, 0);
    subscription.wake = () => {
      listener(subscription.ahead.splice(0));
      if (subscription.gone === null) this.#subscriptions.more(subscription);
      else {
        onGone(subscription.gone);
        this.#subscriptions.skip(subscription);
      }
    };
  }

  status(): api.ClientStatus {
    return {
      id: this.id,
      peer: this.#peer,
      coordinator: this.#coordinator,
      pending: this.#submissions.size,
      trouble: this.#peer === null ? this.#trouble : null,
    };
  }

  on<Name extends keyof api.ClientEvents>(
    name: Name,
    listener: (event: api.ClientEvents[Name]) => void,
  ): () => void {
    return this.#listeners.on(name, listener);
  }

  async stop(): Promise<void> {
    this.#finish(new ClusterError('stopped', 'this client has stopped'));
    this.#actor?.send({ type: 'client.stop' });
    this.#actor?.stop();
  }

  settled(number: number, receipt: api.Receipt, result: unknown): void {
    if (this.#executing > 0 && result !== undefined) this.#results.set(receipt.id, result);
    this.#submissions.settle(number, receipt);
  }

  delivered(subscription: number, after: number, deliveries: readonly api.Delivery[]): void {
    this.#subscriptions.delivered(subscription, after, deliveries);
  }

  gone(subscription: number, after: number, dropped: number): void {
    this.#subscriptions.gone(subscription, after, dropped);
  }

  readable(upTo: number, sequence: number): void {
    this.#readUpTo = sequence;
    this.readings.granted(upTo, 0);
  }

  attached(peer: string | null, coordinator: string | null): void {
    const isNew = this.#peer !== peer;
    const isLedAnew = this.#coordinator !== coordinator;
    this.#peer = peer;
    this.#coordinator = coordinator;
    if (isNew) this.#listeners.emit('attached', { peer });
    if (isLedAnew) this.#listeners.emit('coordinator', { coordinator });
    this.#submissions.setOpen(peer !== null);
    if (isNew) this.#subscriptions.setAttached(peer !== null);
  }

  expired(): void {
    this.#submissions.expire();
  }

  warned(code: string, detail: string): void {
    this.#trouble = detail;
    this.#listeners.emit('warning', { code, detail });
  }

  failed(detail: string): void {
    this.#finish(new ClusterError('defect', detail));
  }

  #finish(error: ClusterError): void {
    if (this.#end !== null) return;
    this.#end = error;
    this.#submissions.end(error.message);
    this.#subscriptions.end();
    this.readings.end(error);
  }
}

/** Resolves when something has come, or nothing will. */
const woken = (subscription: Subscription, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const wake = () => {
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    subscription.wake = wake;
    signal?.addEventListener('abort', wake);
  });

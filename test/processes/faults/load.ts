/**
 * The clients: each does one thing after another, as a person would, and writes down what it asked and what came of it.
 *
 * Half of them insist: they repeat under the same key, at another peer, until they know. The others try once, without a
 * key, and live with not knowing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Operation, Submission } from '../../history/operation.js';
import type { Chance } from './chance.js';
import { offer, readPage } from './client.js';
import type { Cluster } from './cluster.js';
import type { PeerProcess } from './peer-process.js';
import type { Trail } from './trail.js';

/**
 * Submissions a second at most. The cluster remembers its last 10,000 keys (values/session-table.ts), and a peer that was
 * away brings late what its clients have long repeated elsewhere: up to a minute later, half of them with keys.
 */
export const RATE_MAX = 300;
const INSIST_FOR_MS = 20_000;
/** Clients move on now and then, so that no peer is without any for long. */
const MOVES = 0.05;
const TOPICS = 4;
const READINGS = 0.2;
const PAGE = 200;
/** A page begins a little before what is known, so that pages overlap and are compared. */
const OVERLAP = 5;

export interface LoadSettings {
  readonly cluster: Cluster;
  readonly chance: Chance;
  readonly trail: Trail;
  readonly perSecond: number;
}

export class Load {
  readonly operations: Operation[] = [];
  readonly counts = { ok: 0, fail: 0, unknown: 0, readings: 0 };
  /** The latest start of anything acknowledged. */
  latestAcknowledgedStart = 0;
  readonly #settings: LoadSettings;
  readonly #clients: Promise<void>[] = [];
  #isOver = false;

  constructor(settings: LoadSettings) {
    this.#settings = settings;
  }

  start(): void {
    const { perSecond, chance } = this.#settings;
    const clients = Math.max(6, Math.min(40, Math.round(perSecond / 5)));
    const periodMs = (1000 * clients) / perSecond;
    for (let i = 1; i <= clients; i++)
      this.#clients.push(this.#live(new Client(`client-${i}`, i % 2 === 0), chance.fork(), periodMs));
  }

  /** Lets everybody finish what they are at. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#clients);
  }

  async #live(client: Client, chance: Chance, periodMs: number): Promise<void> {
    await pause(chance.between(0, periodMs));
    while (!this.#isOver) {
      const begun = performance.now();
      const topic = `topic-${1 + Math.floor(chance.fraction() * TOPICS)}`;
      if (chance.happens(MOVES)) client.leaveHome();
      if (chance.happens(READINGS)) await this.#read(client, chance, topic);
      else await this.#submit(client, chance, topic);
      await pause(Math.max(1, periodMs * chance.between(0.5, 1.5) - (performance.now() - begun)));
    }
  }

  async #submit(client: Client, chance: Chance, topic: string): Promise<void> {
    const { cluster, trail } = this.#settings;
    const key = client.nextKey();
    const start = trail.now();
    let peer = client.home(cluster.peers, chance);
    let mayBeThere = false;
    let refusals = '';
    for (;;) {
      const { session } = peer;
      const answer = await offer(peer, { topic, key, isKeyed: client.isInsistent });
      const end = trail.now();
      const offered = { op: 'submit', client: client.name, topic, key, start, end } as const;
      if (answer.outcome === 'ok') {
        const { sequence, topicSequence } = answer;
        // A peer that was started again meanwhile may be either of the two.
        const certain = session === peer.session ? session : null;
        this.#keep({ ...offered, session: certain, outcome: 'ok', sequence, topicSequence });
        return;
      }
      mayBeThere ||= answer.outcome === 'unknown';
      refusals = answer.reason;
      client.leaveHome();
      const isGivenUp = !client.isInsistent || end - start > INSIST_FOR_MS || this.#isOver;
      if (isGivenUp) {
        trail.keep(`${client.name} gave ${key} up: ${refusals}`);
        this.#keep({ ...offered, session: null, outcome: mayBeThere ? 'unknown' : 'fail' });
        return;
      }
      await pause(chance.between(50, 300));
      peer = client.home(cluster.peers, chance);
    }
  }

  #keep(submission: Submission): void {
    this.operations.push(submission);
    this.counts[submission.outcome] += 1;
    if (submission.outcome === 'ok')
      this.latestAcknowledgedStart = Math.max(this.latestAcknowledgedStart, submission.start);
  }

  async #read(client: Client, chance: Chance, topic: string): Promise<void> {
    const { cluster, trail } = this.#settings;
    const peer = chance.oneOf(cluster.peers);
    const { session } = peer;
    const after = Math.max(0, client.known(session, topic) - OVERLAP);
    const start = trail.now();
    const page = await readPage(peer, topic, after, PAGE);
    if (page === undefined) return;
    const end = trail.now();
    const certain = session === peer.session ? session : null;
    client.learn(session, topic, after + page.keys.length);
    this.counts.readings += 1;
    const { keys, isWhole } = page;
    this.operations.push({
      op: 'read',
      client: client.name,
      topic,
      session: certain,
      start,
      end,
      after,
      keys,
      isWhole,
    });
  }
}

/** What one client remembers. */
class Client {
  readonly name: string;
  /** Repeats until it knows. */
  readonly isInsistent: boolean;
  #count = 0;
  #home: PeerProcess | null = null;
  readonly #known = new Map<string, number>();

  constructor(name: string, isInsistent: boolean) {
    this.name = name;
    this.isInsistent = isInsistent;
  }

  nextKey(): string {
    this.#count += 1;
    return `${this.name}.${this.#count}`;
  }

  /** The peer it talks to until that one disappoints it. */
  home(peers: readonly PeerProcess[], chance: Chance): PeerProcess {
    this.#home ??= chance.oneOf(peers);
    return this.#home;
  }

  leaveHome(): void {
    this.#home = null;
  }

  known(session: string, topic: string): number {
    return this.#known.get(`${session} ${topic}`) ?? 0;
  }

  learn(session: string, topic: string, upTo: number): void {
    this.#known.set(`${session} ${topic}`, upTo);
  }
}

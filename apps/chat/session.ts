/** The conversation at work: a peer on one side, a surface on the other, the pure state between them. */
import { ClusterError, type Delivery, type Peer } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import { EXIT, type ExitCode, endingOf } from '../node/exit.js';
import { leaveWithin } from '../node/leaving.js';
import { answersOf, lastOf, transferAnswer } from './answers.js';
import type { Line } from './lines.js';
import {
  advance,
  type Conversation,
  type Happening,
  introduce,
  openConversation,
  type Request,
  standingOf,
} from './state.js';

/** Where a session shows itself. */
export interface Surface {
  say(line: Line): void;
  /** The conversation is another one now: pending lines, rooms, standing. */
  changed(conversation: Conversation): void;
}

export interface SessionSettings {
  /** How much of the past is shown at the start, lines. */
  readonly pastMax: number;
  /** Shows what was and is delivered in every room, not only in the current one. */
  readonly everyRoom: boolean;
}

/** The conversation of `peer` as it is now. @param room - where it begins; default `general`. */
export function conversationOf(peer: Peer, room: string | undefined): Conversation {
  const status = peer.status();
  const past = { topics: peer.topics(), sequence: status.sequence };
  return openConversation(peer.id, standingOf(status), past, room);
}

/** One user's conversation through one peer. */
export class Session {
  /**
   * Resolves with the exit code once the peer has left or was stopped.
   *
   * @throws ClusterError when the peer could not go on.
   */
  readonly ended: Promise<ExitCode>;
  readonly #peer: Peer;
  readonly #settings: SessionSettings;
  readonly #surface: Surface;
  readonly #silence = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #detach: readonly (() => void)[];
  #conversation: Conversation;
  #leaving = false;
  #isOver = false;
  #warning = '';
  #refusal: ExitCode = EXIT.clean;
  #end: (exitCode: ExitCode) => void = () => {};
  #fail: (problem: unknown) => void = () => {};

  /**
   * Shows where `peer` stands and what was said, then what follows.
   *
   * @param conversation - taken just now, by `conversationOf`.
   */
  constructor(peer: Peer, conversation: Conversation, settings: SessionSettings, surface: Surface) {
    this.#peer = peer;
    this.#settings = settings;
    this.#surface = surface;
    this.#conversation = conversation;
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    // It may be over before anybody waits for it.
    this.ended.catch(() => {});
    this.#detach = this.#attach();
    for (const line of introduce(conversation.standing)) surface.say(line);
    for (const delivery of this.#past()) surface.say({ kind: 'delivery', delivery });
    surface.changed(conversation);
    // It may have come to an end before anybody listened.
    this.#hearEnd();
    this.#listen(conversation.sequence).catch((problem: unknown) => {
      if (!this.#silence.signal.aborted) this.#fail(problem);
    });
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** The exit code of the first typed line that was refused; 0 when none was. */
  get refusal(): ExitCode {
    return this.#refusal;
  }

  /** The user typed this line. Once leaving, nothing is taken any more. */
  type(text: string): void {
    if (!this.#leaving) this.#happen({ type: 'line.typed', text });
  }

  /** Resolves once at most `most` typed lines are on their way. */
  settled(most: number): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (this.#conversation.pending.length > most) return;
        this.#waiting.delete(check);
        resolve();
      };
      this.#waiting.add(check);
      check();
    });
  }

  /** Leaves the cluster, within bounds; `ended` says when. Asking twice is asking once. */
  leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#surface.say({ kind: 'leaving' });
    leaveWithin(this.#peer, this.settled(0)).then((detail) => {
      const { length } = this.#conversation.pending;
      if (length > 0)
        this.#surface.say({ kind: 'warning', code: 'outcome-unknown', detail: undelivered(length) });
      this.#surface.say({ kind: 'left', detail });
      this.#end(EXIT.clean);
    }, this.#fail);
  }

  /** Stops listening to the peer. */
  close(): void {
    this.#silence.abort();
    for (const end of this.#detach) end();
  }

  #attach(): readonly (() => void)[] {
    const peer = this.#peer;
    const stand = () => this.#happen({ type: 'standing.changed', standing: standingOf(peer.status()) });
    const facts = ['coordinator', 'view', 'role', 'suspected', 'trusted'] as const;
    return [
      ...facts.map((fact) => peer.on(fact, stand)),
      peer.on('warning', ({ code, detail }) => this.#warn(code, detail)),
      peer.on('lost', ({ lost }) => this.#sayAgain(lost)),
      peer.on('stopped', () => this.#hearEnd()),
    ];
  }

  /** Mode `classic`: what this user had said, and another coordinator's log does not hold, is said again, once. */
  #sayAgain(lost: readonly Delivery[]): void {
    if (lost.length === 0) return;
    const detail = `${lost.length} delivered lines are gone: another coordinator's log has taken their place`;
    this.#surface.say({ kind: 'warning', code: 'diverged', detail });
    // The log that has won is delivered first: what it holds is not lost.
    setImmediate(() => {
      const kept = new Set(this.#peer.history({ limit: Number.MAX_SAFE_INTEGER }).map(({ id }) => id));
      for (const { id, origin, topic, payload } of lost)
        if (origin === this.#peer.id && !kept.has(id))
          this.#peer.submit(topic, payload, { key: `again:${id}` }).catch(() => {});
    });
  }

  /** What is wrong, once, however often the peer meets it in a row. */
  #warn(code: string, detail: string): void {
    const warning = `${code}: ${detail}`;
    if (warning !== this.#warning) this.#surface.say({ kind: 'warning', code, detail });
    this.#warning = warning;
  }

  /** Ends with the peer. Why it is over, with its code, is told to whoever waits for it to be ready. */
  #hearEnd(): void {
    this.#peer.ready().catch((problem: unknown) => {
      const isAsked = problem instanceof ClusterError && problem.code === 'stopped';
      if (!isAsked) this.#fail(problem);
      if (!isAsked || this.#leaving || this.#isOver) return;
      this.#isOver = true;
      this.#surface.say({ kind: 'left', detail: problem.message });
      this.#end(EXIT.clean);
    });
  }

  #past(): readonly Delivery[] {
    const { everyRoom, pastMax } = this.#settings;
    const { sequence, current } = this.#conversation;
    if (!everyRoom) return lastOf(this.#peer, current, pastMax);
    return this.#peer.history({ after: Math.max(0, sequence - pastMax), limit: pastMax });
  }

  async #listen(after: number): Promise<void> {
    for await (const delivery of this.#peer.deliveries({ after, signal: this.#silence.signal }))
      this.#happen({ type: 'payload.delivered', delivery });
  }

  #happen(happening: Happening): void {
    const { conversation, lines, requests } = advance(this.#conversation, happening);
    this.#conversation = conversation;
    for (const line of lines) if (this.#isShown(line)) this.#surface.say(line);
    for (const request of requests) this.#grant(request);
    this.#surface.changed(conversation);
    for (const check of [...this.#waiting]) check();
  }

  #isShown(line: Line): boolean {
    // Whom others elect when we are gone is no news here.
    if (this.#leaving && ['view', 'coordinator', 'waiting'].includes(line.kind)) return false;
    if (line.kind !== 'delivery' || this.#settings.everyRoom) return true;
    return line.delivery.topic === this.#conversation.current;
  }

  #grant(request: Request): void {
    if (request.type === 'submit') this.#submit(request);
    else if (request.type === 'leave') this.leave();
    else if (request.type === 'transfer') this.#transfer(request.to);
    else for (const line of answersOf(this.#peer, request)) this.#surface.say(line);
  }

  #transfer(to: PeerId): void {
    this.#peer.transfer(to).then(
      ({ term }) => this.#surface.say(transferAnswer(to, { term: term.n })),
      (problem: unknown) => {
        if (!(problem instanceof ClusterError)) this.#fail(problem);
        // That it has stopped is said once, when it has.
        else if (problem.code !== 'stopped') this.#surface.say(transferAnswer(to, problem));
      },
    );
  }

  #submit({ number, room, text }: Extract<Request, { type: 'submit' }>): void {
    this.#peer.submit(room, { text }).then(
      ({ sequence }) => this.#happen({ type: 'line.settled', number, sequence }),
      (problem: unknown) => {
        if (!(problem instanceof ClusterError)) return this.#fail(problem);
        // What a stopped peer leaves behind is said once, when it has stopped.
        if (problem.code === 'stopped') return;
        if (this.#refusal === EXIT.clean) this.#refusal = endingOf(problem).exitCode;
        this.#happen({ type: 'line.refused', number, code: problem.code, detail: problem.message });
      },
    );
  }
}

const undelivered = (count: number): string =>
  `${count === 1 ? '1 line was' : `${count} lines were`} not delivered here; it may still reach the others`;

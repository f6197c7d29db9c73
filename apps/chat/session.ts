/** The conversation at work: a seat in the cluster on one side, a surface on the other, the pure state between them. */
import { ClusterError, type Delivery } from '../../actors/index.js';
import type { PeerId } from '../../transport/index.js';
import { EXIT, type ExitCode, endingOf } from '../node/exit.js';
import { transferAnswer } from './answers.js';
import type { Line } from './lines.js';
import type { Seat } from './seat.js';
import {
  advance,
  type Conversation,
  type Happening,
  introduce,
  openConversation,
  type Request,
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

/** A line that has no number after this long is said to wait for one. */
const PENDING_AFTER_MS = 1000;

/** The conversation at `seat` as it is now. @param room - where it begins; default `general`. */
export const conversationOf = (seat: Seat, room: string | undefined): Conversation =>
  openConversation(seat.id, seat.standing(), seat.past(), room);

/** One user's conversation at one seat. */
export class Session {
  /**
   * Resolves with the exit code once the seat is left, or what it stands on was stopped.
   *
   * @throws ClusterError when it could not go on.
   */
  readonly ended: Promise<ExitCode>;
  readonly #seat: Seat;
  readonly #settings: SessionSettings;
  readonly #surface: Surface;
  readonly #silence = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #reminders = new Map<number, NodeJS.Timeout>();
  readonly #detach: () => void;
  #conversation: Conversation;
  #leaving = false;
  #isOver = false;
  #warning = '';
  #refusal: ExitCode = EXIT.clean;
  #end: (exitCode: ExitCode) => void = () => {};
  #fail: (problem: unknown) => void = () => {};

  /**
   * Shows where the seat stands and what was said, then what follows.
   *
   * @param conversation - taken just now, by `conversationOf`.
   */
  constructor(seat: Seat, conversation: Conversation, settings: SessionSettings, surface: Surface) {
    this.#seat = seat;
    this.#settings = settings;
    this.#surface = surface;
    this.#conversation = conversation;
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    // It may be over before anybody waits for it.
    this.ended.catch(() => {});
    this.#detach = seat.watch({
      stood: () => this.#happen({ type: 'standing.changed', standing: seat.standing() }),
      warned: (code, detail) => this.#warn(code, detail),
      ended: (problem) => this.#hearEnd(problem),
    });
    for (const line of introduce(conversation.standing)) surface.say(line);
    for (const delivery of this.#past()) surface.say({ kind: 'delivery', delivery });
    surface.changed(conversation);
    const hear = (delivery: Delivery) => this.#happen({ type: 'payload.delivered', delivery });
    seat.follow(conversation.sequence, hear, this.#silence.signal).catch((problem: unknown) => {
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
    this.#seat.leave(this.settled(0)).then((detail) => {
      const { length } = this.#conversation.pending;
      if (length > 0)
        this.#surface.say({ kind: 'warning', code: 'outcome-unknown', detail: undelivered(length) });
      this.#surface.say({ kind: 'left', detail });
      this.#end(EXIT.clean);
    }, this.#fail);
  }

  /** Stops listening to the seat. */
  close(): void {
    this.#silence.abort();
    this.#detach();
    for (const reminder of this.#reminders.values()) clearTimeout(reminder);
  }

  /** What is wrong, once, however often it is met in a row. */
  #warn(code: string, detail: string): void {
    const warning = `${code}: ${detail}`;
    if (warning !== this.#warning) this.#surface.say({ kind: 'warning', code, detail });
    this.#warning = warning;
  }

  /** Ends with what the seat stands on. */
  #hearEnd(problem: unknown): void {
    const isAsked = problem instanceof ClusterError && problem.code === 'stopped';
    if (!isAsked) this.#fail(problem);
    if (!isAsked || this.#leaving || this.#isOver) return;
    this.#isOver = true;
    this.#surface.say({ kind: 'left', detail: problem.message });
    this.#end(EXIT.clean);
  }

  #past(): readonly Delivery[] {
    const { everyRoom, pastMax } = this.#settings;
    return this.#seat.recent(pastMax, everyRoom ? undefined : this.#conversation.current);
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
    if (this.#leaving && ['view', 'coordinator', 'waiting', 'seeking'].includes(line.kind)) return false;
    if (line.kind !== 'delivery' || this.#settings.everyRoom) return true;
    return line.delivery.topic === this.#conversation.current;
  }

  #grant(request: Request): void {
    if (request.type === 'submit') this.#submit(request);
    else if (request.type === 'leave') this.leave();
    else if (request.type === 'transfer') this.#transfer(request.to);
    else for (const line of this.#seat.answers(request)) this.#surface.say(line);
  }

  #transfer(to: PeerId): void {
    this.#seat.transfer(to).then(
      (handed) => this.#surface.say(transferAnswer(to, handed)),
      (problem: unknown) => {
        if (!(problem instanceof ClusterError)) this.#fail(problem);
        // That it has stopped is said once, when it has.
        else if (problem.code !== 'stopped') this.#surface.say(transferAnswer(to, problem));
      },
    );
  }

  #submit({ number, room, text }: Extract<Request, { type: 'submit' }>): void {
    const reminder = setTimeout(() => this.#surface.say({ kind: 'pending', room, text }), PENDING_AFTER_MS);
    this.#reminders.set(number, reminder);
    const forget = () => {
      clearTimeout(reminder);
      this.#reminders.delete(number);
    };
    this.#seat.submit(room, text).then(
      ({ sequence }) => {
        forget();
        this.#happen({ type: 'line.settled', number, sequence });
      },
      (problem: unknown) => {
        forget();
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

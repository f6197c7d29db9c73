/**
 * The one door for bytes: channels below, events above; what strangers say is checked here, and only here.
 *
 * Before its greeting a channel may say one small thing. After `bind` it speaks for one peer, and for nobody else.
 * What one turn sends travels in one frame per peer, each message encoded once for all who get it.
 */
import { fromCallback } from 'xstate';
import type { ConnectionEnd } from '../machines/connection.js';
import type { Dialled, Rival } from '../machines/values/greeting.js';
import { isClientId } from '../machines/values/session-table.js';
import { bytesOf, encode } from '../transport/codec.js';
import type { Address, LinkMessage, Member, Message, PeerId } from '../transport/protocol.js';
import type { Channel, ChannelHandlers, ListenProblem, Transport } from '../transport/transport.js';
import type { LinkCounter } from './link-counters.js';
import { type Encoded, Line, type LineListener, MESSAGE_BYTES_MAX } from './link-line.js';

/** What the peer tells the link. */
export type LinkCommand =
  | { readonly type: 'listen'; readonly address: Address }
  | { readonly type: 'dial'; readonly connection: string; readonly address: Address }
  /** Says `message`, at once, on a channel not bound yet. */
  | { readonly type: 'greet'; readonly connection: string; readonly message: LinkMessage }
  /** From now on this channel, and no other, carries the messages of `remote`. Due in the turn of its greeting. */
  | { readonly type: 'bind'; readonly connection: string; readonly remote: Member }
  /** Ends a channel after what was sent on it. Nothing more is heard of it. */
  | { readonly type: 'hangUp'; readonly connection: string }
  /** Sends to every one of `to` that is bound, and to ourselves if we are among them; the rest goes nowhere. */
  | { readonly type: 'send'; readonly to: readonly PeerId[]; readonly message: Message };

/** What the link tells the peer; messages come as they are, one by one. */
export type LinkFact =
  | { readonly type: 'link.listening'; readonly address: Address }
  | ({ readonly type: 'link.failed' } & ListenProblem)
  /** A peer speaks, and its heartbeat has not said so lately: told at most as often as was asked for, for it speaks often. */
  | { readonly type: 'link.heard'; readonly from: PeerId }
  | { readonly type: 'link.warning'; readonly code: string; readonly detail: string }
  /** Someone has dialled us; the channel is open, and waits for its hello. */
  | { readonly type: 'channel.accepted'; readonly connection: string; readonly address: Address }
  | { readonly type: 'channel.opened'; readonly connection: string }
  /** Not told of channels we hung up ourselves. */
  | { readonly type: 'channel.closed'; readonly connection: string; readonly reason: ConnectionEnd }
  | (LinkMessage & { readonly connection: string; readonly rival: Rival | null })
  | Message;

export interface LinkInput {
  readonly transport: Transport;
  readonly me: PeerId;
  /** Counts what happens, by name: see link-counters.ts. */
  readonly count: (name: LinkCounter, by?: number) => void;
  /** A clock, ms, and how often at most it is told that a peer is heard, where no heartbeat says so; without it, never. */
  readonly presence?: { readonly now: () => number; readonly everyMs: number };
  /** Gives each message to each peer a name, which travels beside it: for simulated networks. */
  readonly postmark?: Postmark | undefined;
}

/** @param isRouted - a channel is bound to that peer, or it is ourselves: else the message goes nowhere. */
export type Postmark = (to: PeerId, type: Message['type'], isRouted: boolean) => string;

/** Inbound channels that may be open without having greeted. */
export const UNGREETED_MAX = 64;

/** The link, ready to be spawned by the peer. Closes its transport when stopped. */
export const linkLogic = fromCallback<LinkCommand, LinkInput>(({ input, sendBack, receive }) => {
  const link = new Link(input, sendBack);
  receive((command) => link.obey(command));
  return () => link.stop();
});

class Link implements LineListener {
  readonly #transport: Transport;
  readonly #me: PeerId;
  readonly count: LinkInput['count'];
  readonly #presence: LinkInput['presence'];
  readonly #postmark: Postmark | undefined;
  readonly #tell: (fact: LinkFact) => void;
  /** When it was last told that a peer is heard, in whatever way. */
  readonly #heardAt = new Map<PeerId, number>();
  readonly #lines = new Map<string, Line>();
  readonly #bound = new Map<PeerId, Line>();
  /** What waits for the end of the turn. */
  readonly #unsent = new Set<Line>();
  #toOurselves: Message[] = [];
  #isFlushDue = false;
  #isStopped = false;
  #accepted = 0;

  constructor({ transport, me, count, presence, postmark }: LinkInput, tell: (fact: LinkFact) => void) {
    this.#transport = transport;
    this.#me = me;
    this.count = count;
    this.#presence = presence;
    this.#postmark = postmark;
    this.#tell = tell;
  }

  obey(command: LinkCommand): void {
    switch (command.type) {
      case 'listen':
        this.#listen(command.address);
        break;
      case 'dial':
        this.#dial(command.connection, command.address);
        break;
      case 'greet':
        this.#lines.get(command.connection)?.greet(command.message);
        break;
      case 'bind':
        this.#bind(command.connection, command.remote);
        break;
      case 'hangUp':
        this.#hangUp(command.connection);
        break;
      case 'send':
        this.#send(command.to, command.message);
        break;
      default:
        command satisfies never;
    }
  }

  stop(): void {
    for (const line of this.#unsent) line.flush();
    this.#isStopped = true;
    this.#transport.close(() => {});
  }

  greeted(line: Line, greeting: LinkMessage): void {
    const { connection } = line;
    const rival = 'member' in greeting ? this.#rivalOf(line, greeting.member) : null;
    this.#tell({ ...greeting, connection, rival });
  }

  /** A heartbeat says it itself, and of clients nobody wants to know. */
  spoken(from: PeerId, messages: readonly Message[]): void {
    if (this.#presence === undefined || isClientId(from)) return;
    const { now, everyMs } = this.#presence;
    const time = now();
    const isHeartbeat = messages.some((message) => message.type === 'failure.heartbeat');
    const silentMs = time - (this.#heardAt.get(from) ?? Number.NEGATIVE_INFINITY);
    if (!isHeartbeat && silentMs < everyMs) return;
    this.#heardAt.set(from, time);
    if (!isHeartbeat) this.#tell({ type: 'link.heard', from });
  }

  heard(message: Message): void {
    this.#tell(message);
  }

  warned(code: string, detail: string): void {
    this.#tell({ type: 'link.warning', code, detail });
  }

  ended(line: Line, reason: ConnectionEnd): void {
    this.#forget(line);
    this.#tell({ type: 'channel.closed', connection: line.connection, reason });
  }

  #listen(address: Address): void {
    this.#transport.listen(address, {
      listening: (bound) => this.#tell({ type: 'link.listening', address: bound }),
      failed: (problem) => this.#tell({ type: 'link.failed', ...problem }),
      accepted: (channel) => this.#accept(channel),
    });
  }

  #accept(channel: Channel): Omit<ChannelHandlers, 'opened'> {
    if ([...this.#lines.values()].filter((line) => line.isAwaited).length >= UNGREETED_MAX) {
      this.count('channels_turned_away');
      channel.close();
      return { received: () => {}, closed: () => {} };
    }
    this.#accepted += 1;
    const line = this.#newLine(`accepted:${this.#accepted}`, 'there');
    line.attach(channel);
    this.#tell({ type: 'channel.accepted', connection: line.connection, address: channel.remoteAddress });
    return handlersOf(line);
  }

  #dial(connection: string, address: Address): void {
    this.#hangUp(connection);
    const line = this.#newLine(connection, 'here');
    const opened = () => this.#tell({ type: 'channel.opened', connection });
    line.attach(this.#transport.dial(address, { ...handlersOf(line), opened }));
  }

  #bind(connection: string, remote: Member): void {
    const line = this.#lines.get(connection);
    if (!line?.isGreeted) return;
    const older = this.#bound.get(remote.id);
    if (older !== undefined) {
      older.hangUp();
      this.ended(older, 'superseded');
    }
    line.bind(remote);
    this.#bound.set(remote.id, line);
  }

  #hangUp(connection: string): void {
    const line = this.#lines.get(connection);
    if (line === undefined) return;
    line.hangUp();
    this.#forget(line);
  }

  #send(to: readonly PeerId[], message: Message): void {
    const isForOthers = to.some((id) => this.#bound.has(id));
    const text = isForOthers ? encode(message) : '';
    const encoded = { text, bytes: bytesOf(text) };
    if (encoded.bytes > MESSAGE_BYTES_MAX) {
      this.count('messages_too_large');
      this.warned(
        'message-too-large',
        `${message.type} of ${encoded.bytes} bytes fits no frame, and was not sent`,
      );
      return;
    }
    for (const id of to) this.#address(id, message, encoded);
    this.#flushSoon();
  }

  #address(id: PeerId, message: Message, encoded: Encoded): void {
    const line = this.#bound.get(id);
    const name = this.#postmark?.(id, message.type, line !== undefined || id === this.#me);
    if (id === this.#me) this.#toOurselves.push(message);
    else if (line === undefined) this.count('messages_unroutable');
    else {
      line.push(name === undefined ? encoded : { ...encoded, name });
      this.#unsent.add(line);
    }
  }

  #flushSoon(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#transport.defer(() => this.#flush());
  }

  #flush(): void {
    if (this.#isStopped) return;
    this.#isFlushDue = false;
    const lines = [...this.#unsent];
    const messages = this.#toOurselves;
    this.#unsent.clear();
    this.#toOurselves = [];
    for (const line of lines) line.flush();
    for (const message of messages) this.#tell(message);
  }

  #newLine(connection: string, dialled: Dialled): Line {
    const line = new Line(connection, dialled, this.#me, this);
    this.#lines.set(connection, line);
    return line;
  }

  #forget(line: Line): void {
    this.#lines.delete(line.connection);
    this.#unsent.delete(line);
    if (line.remote === null) return;
    this.#bound.delete(line.remote.id);
    this.#heardAt.delete(line.remote.id);
  }

  #rivalOf(line: Line, { id }: Member): Rival | null {
    const bound = this.#bound.get(id);
    return bound?.remote && bound !== line
      ? { incarnation: bound.remote.incarnation, dialled: bound.dialled }
      : null;
  }
}

const handlersOf = (line: Line): Omit<ChannelHandlers, 'opened'> => ({
  received: (frame) => line.received(frame),
  closed: (reason) => line.closed(reason),
});

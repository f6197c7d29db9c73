/** `bullpen auction client` at its console: what is typed becomes a command, what happens in one's auctions is told. */
import type { Client } from '../../actors/index.js';
import {
  type Backing,
  type ConsoleProgram,
  type ConsoleSettings,
  converse,
  type Say,
  type Streams,
  sayRefusal,
} from '../node/console.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import type { Waits } from './auction-rules.js';
import { type Change, type Follower, followAuctions } from './follower.js';
import { phaseOf } from './life.js';
import { newsOf } from './news.js';
import { type Answer, type Duty, type Participant, takePart } from './participant.js';
import { type Auctions, lifeOf, unknown } from './state.js';
import type { Strongbox } from './strongbox.js';
import { type Asking, HELP, type Looking, readTyped } from './typed.js';
import { concerns, counted, listLines, showLines, type Telling, tellingOf } from './words.js';

export interface ClientSettings extends ConsoleSettings {
  /** How long each state of the auctions that are created here waits, ms. */
  readonly waits: Partial<Waits>;
}

/**
 * Runs until the user quits.
 *
 * @param client - attached already.
 * @returns the exit code.
 * @throws ProgramFailure when the servers run no auctions.
 */
export function runClient(
  client: Client,
  box: Strongbox,
  settings: ClientSettings,
  streams: Streams,
): Promise<ExitCode> {
  let fail: (problem: unknown) => void = () => {};
  const ended = new Promise<'stopped'>((_, reject) => {
    fail = reject;
  });
  const backing: Backing = {
    id: box.name,
    ended,
    leave: async () => {
      const left = program?.unrevealed() ?? 0;
      await client.stop();
      if (left === 0) return 'left';
      const file = box.file === null ? ', and it was not kept (no --data)' : '';
      return `left; ${counted(left, 'sealed bid')} not revealed yet${file === '' ? ': start again in time, or it counts 0' : `${file}: it will count 0`}`;
    },
  };
  let program: AuctionClient | undefined;
  const open = (say: Say) => {
    program = new AuctionClient(client, box, settings.waits, say, fail);
    return program;
  };
  return converse(backing, settings, open, streams);
}

class AuctionClient implements ConsoleProgram {
  readonly #client: Client;
  readonly #box: Strongbox;
  readonly #say: Say;
  readonly #waits: Partial<Waits>;
  readonly #follower: Follower;
  readonly #participant: Participant;
  readonly #detach: readonly (() => void)[];
  /** Whom it has been told of last. */
  #leader: string | null;

  constructor(
    client: Client,
    box: Strongbox,
    waits: Partial<Waits>,
    say: Say,
    fail: (problem: unknown) => void,
  ) {
    this.#client = client;
    this.#box = box;
    this.#say = say;
    this.#waits = waits;
    this.#leader = client.status().coordinator;
    this.#follower = followAuctions(client, (change) => this.#hear(change), fail);
    this.#participant = takePart(client, box, this.#follower, (duty, answer) => this.#tellDuty(duty, answer));
    this.#detach = [
      client.on('coordinator', ({ coordinator }) => this.#tellLeader(coordinator)),
      client.on('attached', () => this.#participant.attend()),
    ];
  }

  async obey(line: string): Promise<'leave' | ExitCode | undefined> {
    // What is typed before the auctions are known waits for them.
    await this.#follower.reaches(1);
    const typed = readTyped(line);
    switch (typed.act) {
      case 'quit':
        return 'leave';
      case 'mistaken':
        return sayRefusal(this.#say, new ProgramFailure(EXIT.usage, typed.reason));
      case 'help':
        for (const words of HELP) this.#say('help', { line: words }, words);
        return undefined;
      case 'status':
        this.#tellStatus();
        return undefined;
      case 'list':
      case 'show':
        return this.#show(typed);
      default:
        return this.#act(typed);
    }
  }

  close(): void {
    for (const detach of this.#detach) detach();
    this.#follower.close();
    this.#box.close();
  }

  /** Bids of rounds that run, whose envelopes this client alone can open. */
  unrevealed(): number {
    const me = this.#participant.me;
    return this.#follower
      .state()
      .running.filter(({ context: { envelopes } }) =>
        envelopes.some(({ name, amount }) => name === me.name && amount === null),
      )
      .filter(({ context }) => concerns(context, me)).length;
  }

  #tell({ event, facts, words }: Telling): void {
    this.#say(event, facts, words);
  }

  #hear({ before, state, isLook }: Change): void {
    const isFirst = isLook && before.next === 1 && before.running.length === 0;
    if (isFirst) this.#tellFirst(state);
    else
      for (const news of newsOf(before, state)) {
        const telling = tellingOf(news, this.#participant.me);
        if (telling !== null) this.#tell(telling);
      }
    // Within the first step there is no participant yet: promises come later.
    this.#participant.attend();
  }

  #tellFirst({ running, closed }: Auctions): void {
    const { me } = this.#participant;
    const mine = running.filter(({ context }) => concerns(context, me));
    this.#say(
      'following',
      { running: running.length, yours: mine.map(({ context }) => context.id) },
      `${counted(running.length, 'auction')} now, ${mine.length} of them yours; type help for the commands`,
    );
    // It may have been away when they ended: so it is told at every start, as long as they are kept.
    for (const life of closed) {
      const type = phaseOf(life) === 'cancelled' ? 'cancelled' : 'closed';
      const ending = concerns(life.context, me) ? tellingOf({ life, happening: { type } }, me) : null;
      if (ending !== null) this.#tell(ending);
    }
    for (const life of mine) for (const telling of showLines(life, Date.now())) this.#tell(telling);
  }

  #tellLeader(coordinator: string | null): void {
    if (coordinator === null)
      this.#say(
        'leader_lost',
        {},
        'LEADER_LOST no coordinator just now; what you ask waits, nothing is lost',
      );
    else if (coordinator !== this.#leader)
      this.#say(
        'leader_changed',
        { coordinator, was: this.#leader },
        `LEADER_CHANGED ${coordinator} coordinates now; your auctions go on`,
      );
    else this.#say('leader_back', { coordinator }, `LEADER_BACK ${coordinator} coordinates still`);
    this.#leader = coordinator ?? this.#leader;
  }

  #tellDuty({ kind, auction: { id, item }, opening: { round, amount } }: Duty, answer: Answer | 'sent') {
    const facts = { auction: id, round };
    const name = `auction ${id}, ${item}`;
    if (answer !== 'sent') {
      if (!answer.ok) this.#refuse(answer);
    } else if (kind === 'reveal')
      this.#say(
        'bid_reveal',
        { ...facts, amount },
        `BID_REVEAL ${name}: your ${amount} of round ${round} is told now`,
      );
    else
      this.#say(
        'bid_submit_retransmit',
        facts,
        `BID_SUBMIT_RETRANSMIT ${name}: your bid of round ${round} had not arrived, and is sent again`,
      );
  }

  #tellStatus(): void {
    const { peer, coordinator, pending, trouble, id } = this.#client.status();
    const { name, file, pair } = this.#box;
    const where = peer === null ? `attached to no server: ${trouble}` : `attached to ${peer}`;
    const kept =
      file === null ? 'in memory only: after a restart you are somebody else (see --data)' : `in ${file}`;
    this.#say(
      'status',
      { name, id, key: pair.publicKey, peer, coordinator, pending, file, unrevealed: this.unrevealed() },
      `${name} (key ${pair.publicKey.slice(0, 8)}), ${where}; coordinator ${coordinator ?? 'none'}; your key and bids are kept ${kept}`,
    );
  }

  #show(typed: Looking): ExitCode | undefined {
    const state = this.#follower.state();
    if (typed.act === 'list') {
      const lines = listLines(state, Date.now());
      if (lines.length === 0) this.#say('empty', {}, 'there is no auction yet: create one');
      for (const telling of lines) this.#tell(telling);
      return undefined;
    }
    const life = lifeOf(state, typed.auction);
    if (life === undefined) return this.#refuse(unknown(state, typed.auction));
    for (const telling of showLines(life, Date.now())) this.#tell(telling);
    return undefined;
  }

  async #act(typed: Asking): Promise<ExitCode | undefined> {
    const answer = await this.#ask(typed);
    if (!answer.ok) return this.#refuse(answer);
    if (typed.act === 'create')
      this.#say(
        'created',
        { auction: answer.auction },
        `auction ${answer.auction} is yours; you will be told when enough have joined`,
      );
    return undefined;
  }

  #ask(typed: Asking): Promise<Answer> {
    switch (typed.act) {
      case 'create':
        return this.#participant.create(typed.offer, this.#waits);
      case 'join':
        return this.#participant.join(typed.auction);
      case 'start':
        return this.#participant.start(typed.auction);
      case 'bid':
        return this.#participant.bid(typed.auction, typed.amount);
      default:
        return typed satisfies never;
    }
  }

  #refuse({ code, reason }: { readonly code: string; readonly reason: string }): ExitCode {
    this.#say('refused', { code, reason }, `refused: ${reason}`);
    return code === 'no-coordinator' || code === 'outcome-unknown' ? EXIT.unavailable : EXIT.usage;
  }
}

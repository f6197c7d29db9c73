/**
 * Peers are alike until they differ: a world and the same world with its peers renamed go on in the same ways, so one of
 * them is enough. Renaming is done to a single peer, or to a history, once, and remembered.
 */
import { Log } from '../../machines/index.js';
import type { Member } from '../../transport/index.js';
import type { Domain } from './domain.js';
import type { Histories } from './history.js';
import { PairTable } from './integers.js';
import type { PeerState } from './peer-state.js';
import type { Peers } from './peers.js';

/** The new place of every peer, by its old one. */
export type Renaming = readonly number[];

/** Only the renaming that changes nothing. */
const UNCHANGED: readonly number[] = [0];

export class Symmetry {
  readonly renamings: readonly Renaming[];
  readonly #domain: Domain;
  readonly #peers: Peers;
  readonly #histories: Histories;
  readonly #renamedPeers = new PairTable();
  readonly #renamedHistories = new PairTable();
  readonly #renamedLogs = new PairTable();
  readonly #choices: (readonly number[])[] = [];
  readonly #size: number;
  readonly #candidate: Uint32Array;
  readonly #best: Uint32Array;
  readonly #dictionaries: readonly ReadonlyMap<string, string>[];

  constructor(peers: Peers, histories: Histories) {
    this.#domain = peers.domain;
    this.#peers = peers;
    this.#histories = histories;
    this.#size = this.#domain.ids.length;
    this.#candidate = new Uint32Array(this.#size + 1);
    this.#best = new Uint32Array(this.#size + 1);
    this.renamings = renamingsOf(this.#domain);
    this.#dictionaries = this.renamings.map((renaming) => dictionaryOf(this.#domain, renaming));
  }

  /** The one of all worlds that differ only in the names of their peers that stands for them. */
  canonical(world: Uint32Array): Uint32Array {
    const choices = this.choicesFor(world[this.#size] as number);
    if (choices === UNCHANGED) return world;
    this.#renameWorld(choices[0] as number, world, this.#best);
    for (let choice = 1; choice < choices.length; choice++) {
      this.#renameWorld(choices[choice] as number, world, this.#candidate);
      if (isLess(this.#candidate, this.#best)) this.#best.set(this.#candidate);
    }
    return this.#best;
  }

  #renameWorld(renaming: number, world: Uint32Array, into: Uint32Array): void {
    const places = this.renamings[renaming] as Renaming;
    for (let place = 0; place < this.#size; place++)
      into[places[place] as number] = this.peer(renaming, world[place] as number);
    into[this.#size] = this.history(renaming, world[this.#size] as number);
  }

  /**
   * The renamings after which the owners of the terms, in the order of the terms, are the peers in their order: at most one
   * of the worlds they lead to is kept. More than one while several peers own nothing yet.
   */
  choicesFor(history: number): readonly number[] {
    let choices = this.#choices[history];
    if (choices === undefined) {
      const owners = [...new Set(this.#histories.reignsIn(history).map((reign) => reign.owner))];
      const isOnly = this.renamings.length === 1;
      const inOrder = (renaming: Renaming) =>
        this.#areInOrder(owners.map((owner) => renaming[owner] as number));
      const all = this.renamings.flatMap((renaming, number) => (isOnly || inOrder(renaming) ? [number] : []));
      choices = all.length === 1 && all[0] === 0 ? UNCHANGED : all;
      this.#choices[history] = choices;
    }
    return choices;
  }

  peer(renaming: number, peer: number): number {
    if (renaming === 0) return peer;
    const known = this.#renamedPeers.get(peer, renaming);
    if (known !== undefined) return known;
    const renamed = this.#peers.numberOf(this.#renamePeer(renaming, this.#peers.at(peer).state));
    this.#renamedPeers.set(peer, renaming, renamed);
    return renamed;
  }

  history(renaming: number, history: number): number {
    if (renaming === 0) return history;
    const known = this.#renamedHistories.get(history, renaming);
    if (known !== undefined) return known;
    const places = this.renamings[renaming] as Renaming;
    const byRank = this.#histories.reignNumbersIn(history).map((number) => {
      const reign = this.#histories.reign(number);
      if (reign === undefined) return 0;
      const owner = places[reign.owner] as number;
      return this.#histories.numberOfReign({ ...reign, owner, log: this.log(renaming, reign.log) });
    });
    const renamed = this.#histories.numberOf(byRank);
    this.#renamedHistories.set(history, renaming, renamed);
    return renamed;
  }

  log(renaming: number, log: number): number {
    const known = this.#renamedLogs.get(log, renaming);
    if (known !== undefined) return known;
    const { logs } = this.#peers;
    const renamed = logs.numberOf(this.#renameLog(renaming, logs.at(log)));
    this.#renamedLogs.set(log, renaming, renamed);
    return renamed;
  }

  /** Peers of one kind come in the order of their places. */
  #areInOrder(places: readonly number[]): boolean {
    const isInOrder = (first: number, kind: readonly number[]) =>
      kind.every((place, i) => place === first + i);
    const voters = places.filter((place) => this.#domain.isVoterAtFirst(place));
    const learners = places.filter((place) => !this.#domain.isVoterAtFirst(place));
    return isInOrder(0, voters) && isInOrder(this.#domain.bounds.peers, learners);
  }

  #renameLog(renaming: number, log: Log): Log {
    return Log.of(this.#rename(renaming, log.slice(1, log.lastIndex)));
  }

  #renamePeer(renaming: number, { log, disk, ...state }: PeerState): PeerState {
    const { logs } = this.#peers;
    const same = (one: Log) => logs.same(this.#renameLog(renaming, one));
    const renamed = this.#rename(renaming, state);
    const [own, ...others] = renamed.promises;
    return {
      ...renamed,
      promises: own === undefined ? [] : [own, ...others.sort((a, b) => (a.peer < b.peer ? -1 : 1))],
      followers: [...renamed.followers].sort(byId),
      log: same(log),
      disk: { promised: this.#rename(renaming, disk.promised), log: same(disk.log) },
    };
  }

  /** Every name in it replaced, whatever it is. */
  #rename<Value>(renaming: number, value: Value): Value {
    const names = this.#dictionaries[renaming] as ReadonlyMap<string, string>;
    return JSON.parse(JSON.stringify(value), (_, inner) => {
      if (typeof inner === 'string') return names.get(inner) ?? inner;
      return isListOfMembers(inner) ? inner.sort(byId) : inner;
    });
  }
}

function isLess(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  return false;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }): number => (a.id < b.id ? -1 : 1);

const isListOfMembers = (value: unknown): value is Member[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && 'priority' in one);

/** The renaming that changes nothing comes first. */
function renamingsOf({ bounds, ids }: Domain): readonly Renaming[] {
  const places = ids.map((_, place) => place);
  if (bounds.owners === 'turns') return [places];
  return ordersOf(places.slice(0, bounds.peers)).map((voters) => [...voters, ...places.slice(bounds.peers)]);
}

function ordersOf(places: readonly number[]): readonly (readonly number[])[] {
  if (places.length === 0) return [[]];
  return places.flatMap((first) =>
    ordersOf(places.filter((place) => place !== first)).map((rest) => [first, ...rest]),
  );
}

/** Old name to new name, of every kind of name a peer goes by. */
function dictionaryOf(domain: Domain, renaming: Renaming): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const [from, to] of renaming.entries())
    for (let life = 1; life <= domain.bounds.losses + 1; life++) {
      const [old, now] = [domain.member(from, life), domain.member(to, life)];
      names.set(old.id, now.id).set(old.incarnation, now.incarnation).set(old.address, now.address);
    }
  return names;
}

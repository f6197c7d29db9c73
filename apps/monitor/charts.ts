/** The statecharts of watched peers: definitions asked for once, states as the peer said them at the moment that is shown. */
import type { Row } from './rows.js';
import type { ShownChart } from './screen.js';
import type { PeerSource } from './source.js';
import type { Cluster } from './state.js';
import { treeOf } from './tree.js';

export class Charts {
  /** By peer and actor. */
  readonly #definitions = new Map<string, ReadonlyMap<string, unknown>>();
  #turn = 0;

  /** Asks for the charts of a peer. @throws Error when it does not answer. */
  async learn(id: string, source: PeerSource): Promise<void> {
    const machines = await source.machines();
    this.#definitions.set(id, new Map(machines.map(({ actor, definition }) => [actor, definition])));
  }

  /** Another machine of the same peer. */
  turn(steps: number): void {
    this.#turn += steps;
  }

  readonly of = ({ id }: Row, { faces }: Cluster): ShownChart | null => {
    const status = faces.find((face) => face.status?.id === id)?.status ?? null;
    if (status === null) return null;
    const names = Object.keys(status.machines).sort(electionFirst);
    const machine = names[((this.#turn % names.length) + names.length) % names.length] ?? '';
    const state = status.machines[machine] ?? '';
    const definition = this.#definitions.get(id)?.get(machine);
    const lines =
      definition === undefined
        ? [{ text: `● ${state}`, isActive: true, isInActive: true }]
        : treeOf(definition, state);
    return { peer: id, machine, lines };
  };
}

const FIRST = ['election', 'sequencer', 'membership', 'peer'];

const electionFirst = (one: string, other: string): number =>
  placeOf(one) - placeOf(other) || one.localeCompare(other);

const placeOf = (machine: string): number => {
  const place = FIRST.indexOf(machine);
  return place < 0 ? FIRST.length : place;
};

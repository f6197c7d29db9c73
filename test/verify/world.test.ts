/** Small worlds, searched to the end: what is kept of a peer is enough, names do not matter, and nothing is broken. */
import type { Bounds } from '../../apps/verify/domain.js';
import type { Reign } from '../../apps/verify/history.js';
import { rest, wake } from '../../apps/verify/peer-state.js';
import { Search } from '../../apps/verify/search.js';
import { type Move, World } from '../../apps/verify/world.js';

const SMALL: Bounds = {
  peers: 3,
  terms: 2,
  entries: 2,
  changes: false,
  tie: false,
  losses: 0,
  slowDisks: false,
  owners: 'any',
};

function searched(bounds: Partial<Bounds>): Search<World> {
  const search = new Search(new World({ ...SMALL, ...bounds }));
  expect([search.run(1_000_000), search.problem]).toEqual(['exhausted', undefined]);
  return search;
}

/** Every world that can be reached, no two taken for one: as texts. */
function everyWorld(world: World): ReadonlyMap<string, Uint32Array> {
  const first = world.first();
  const found = new Map([[String(first), first]]);
  for (const state of found.values())
    world.expand(state, (next) => {
      if (!found.has(String(next))) found.set(String(next), Uint32Array.from(next));
    });
  return found;
}

describe('a small world', () => {
  const search = searched({});
  const { peers, symmetry, domain } = search.space;
  const everyPeer = Array.from({ length: peers.count }, (_, number) => peers.at(number));
  const states = Array.from({ length: search.table.size }, (_, number) => {
    const state = new Uint32Array(search.space.width);
    search.table.read(number, state);
    return state;
  });

  it('is searched to its end', () => {
    expect(search.progress.waiting).toBe(0);
    expect(states.length).toBeGreaterThan(4000);
  });

  // What never happens is not tested.
  it('has seen every kind of step, coordinators beside each other, commits, and entries cut', () => {
    const seen = new Set<string>();
    const { space } = search;
    space.isTold = true;
    for (const state of states)
      space.expand(state, () => {
        const { kind, peer, step, heard } = space.move as Move;
        const [before, after] = [peers.at(state[peer] as number), peers.at(step.next)];
        seen.add(kind);
        if (step.isCrash) seen.add('crash');
        if (step.promise !== 0) seen.add(heard === undefined ? 'promise lost' : 'promise heard');
        if (kind === 'append' && !peers.logs.isPrefix(before.log, after.log)) seen.add('cut');
      });
    space.isTold = false;
    const histories = states.map((state) => space.histories.reignsIn(state[domain.ids.length] as number));
    const isSome = (holds: (reigns: readonly Reign[]) => boolean) => histories.some(holds);

    const kinds = ['own', 'stand', 'collect', 'append', 'adopt'];
    expect([...seen].sort()).toEqual([...kinds, 'crash', 'promise lost', 'promise heard', 'cut'].sort());
    expect(isSome((reigns) => reigns.filter(({ log }) => log !== 0).length === 2)).toBe(true);
    expect(isSome((reigns) => reigns.some(({ commit }) => commit === 3))).toBe(true);
  });

  it('keeps enough of a peer: woken and laid to rest it is the same', () => {
    const changed = everyPeer.filter(({ number, state }) => {
      const again = rest(peers.logs, wake(peers.chart, { ...state }), state.disk, state.pending);
      return peers.numberOf(again) !== number;
    });

    expect(changed).toEqual([]);
  });

  it('renames a peer, and back', () => {
    const { renamings } = symmetry;
    const inverse = (renaming: readonly number[]) =>
      renamings.findIndex((other) => renaming.every((to, from) => other[to] === from));
    const changed = renamings.flatMap((renaming, number) =>
      everyPeer.filter(
        (peer) => symmetry.peer(inverse(renaming), symmetry.peer(number, peer.number)) !== peer.number,
      ),
    );

    expect(renamings).toHaveLength(6);
    expect(changed).toEqual([]);
  });

  it('takes for one only worlds that are the same but for names', () => {
    const changed = states.filter((state) => String(search.space.canonical(state)) !== String(state));

    expect(changed).toEqual([]);
  });
});

describe('symmetry', () => {
  it.each([
    ['one term', { terms: 1 }],
    ['two terms of one entry', { terms: 2, entries: 1 }],
    ['a change of voters', { peers: 2, terms: 1, changes: true }],
    ['a lost disk', { peers: 2, terms: 1, losses: 1 }],
  ] as const)('leaves nothing out: %s', (_, bounds) => {
    const { space, table } = searched(bounds);
    const whole = everyWorld(new World({ ...SMALL, ...bounds }));
    // Numbers are given in the order of arrival, so the reduced search looks at the worlds it was not shown.
    const reduced = new Set([...everyWorld(space).values()].map((state) => String(space.canonical(state))));

    expect(table.size).toBeLessThan(whole.size);
    expect(reduced.size).toBe(table.size);
  });
});

describe('the shipped core breaks nothing', () => {
  it.each([
    ['with two voters', { peers: 2, terms: 3 }],
    ['with terms that share their number', { owners: 'turns', terms: 3, entries: 1 }],
    ['with slow disks', { peers: 2, slowDisks: true }],
    ['with a lost disk', { losses: 1, terms: 2, entries: 1 }],
    ['with a change of voters', { peers: 2, changes: true, terms: 1, entries: 3 }],
  ] as const)('%s', (_, bounds) => {
    expect(searched(bounds).progress.states).toBeGreaterThan(300);
  });
});

import { type AnyEventObject, assign, createActor, sendTo, setup, spawnChild } from 'xstate';
import { JOURNAL_INPUT, type JournalCommand, type JournalFact, journalActor } from '../../actors/journal.js';
import { emptyMemory, memoryJournal } from '../../actors/journal-memory.js';
import type { JournalStore } from '../../actors/journal-store.js';
import { change, noops, term, wanted } from './contract.js';

/** Stands where the peer will: spawns the journal, passes commands on, and keeps the facts it hears. */
function peerWith(store: JournalStore) {
  const peer = setup({
    types: {
      context: {} as { facts: readonly AnyEventObject[] },
      events: {} as JournalCommand | JournalFact,
    },
    actors: { journal: journalActor(store) },
  }).createMachine({
    context: { facts: [] },
    entry: spawnChild('journal', { id: 'journal', input: JOURNAL_INPUT }),
    on: {
      'journal.write': { actions: sendTo('journal', ({ event }) => event) },
      'journal.close': { actions: sendTo('journal', ({ event }) => event) },
      '*': { actions: assign({ facts: ({ context, event }) => [...context.facts, event] }) },
    },
  });
  const actor = createActor(peer);
  const facts = () => actor.getSnapshot().context.facts.filter(({ type }) => type.startsWith('journal.'));
  return { actor: actor.start(), facts };
}

/** A memory store whose every turn is taken by hand. */
function storeInHand() {
  const turns: (() => void)[] = [];
  const memory = emptyMemory();
  const store = memoryJournal({ wanted, defer: (task) => turns.push(task), memory });
  return { store, memory, turn: () => turns.shift()?.() };
}

describe('the journal of a peer', () => {
  it('tells what it held in the very turn in which the disk says so', () => {
    const { store, turn } = storeInHand();
    const { facts } = peerWith(store);
    expect(facts()).toEqual([]);

    turn();

    expect(facts()).toEqual([
      {
        type: 'journal.recovered',
        recovered: {
          identity: { format: 1, cluster: 'test', mode: 'safe', id: 'p1', incarnation: 'first' },
          promised: { n: 0, owner: 'p1' },
          entries: [],
        },
      },
    ]);
  });

  it('acknowledges nothing before its turn on the disk, and what waited together', () => {
    const { store, turn } = storeInHand();
    const { actor, facts } = peerWith(store);
    turn();
    actor.send({ type: 'journal.write', ...change(1, { promised: term(1) }) });
    actor.send({ type: 'journal.write', ...change(2, { first: 1, entries: noops(1, 2) }) });
    actor.send({ type: 'journal.write', ...change(3, { first: 3, entries: noops(1, 1) }) });
    expect(facts()).toHaveLength(1);

    turn();
    turn();

    expect(facts().slice(1)).toEqual([
      { type: 'journal.persisted', write: 1, promised: term(1), last: 0 },
      { type: 'journal.persisted', write: 3, promised: term(1), last: 3 },
    ]);
  });

  it('fails loudly when the disk does', () => {
    const { store, turn } = storeInHand();
    const problem = { code: 'journal-failed', detail: 'input/output error' } as const;
    const { actor, facts } = peerWith({ ...store, write: (_, done) => done(problem) });
    turn();

    actor.send({ type: 'journal.write', ...change(1, { promised: term(1) }) });

    expect(facts().slice(1)).toEqual([{ type: 'journal.failed', ...problem }]);
  });

  it('passes on why the disk refuses', () => {
    const refusal = { code: 'data-in-use', detail: 'held by another' } as const;
    const { facts } = peerWith({ ...storeInHand().store, open: (done) => done({ ok: false, ...refusal }) });

    expect(facts()).toEqual([{ type: 'journal.failed', ...refusal }]);
  });

  it('says when the disk is free again', () => {
    const { store, turn } = storeInHand();
    const { actor, facts } = peerWith(store);
    turn();

    actor.send({ type: 'journal.close' });
    expect(facts()).toHaveLength(1);
    turn();

    expect(facts().slice(1)).toEqual([{ type: 'journal.closed' }]);
  });

  it('lets go of the disk even when the peer is stopped without a word', () => {
    const { store, turn, memory } = storeInHand();
    const { actor } = peerWith(store);
    turn();
    expect(memory.isHeld).toBe(true);

    actor.stop();
    turn();

    expect(memory.isHeld).toBe(false);
  });
});

import { emptyMemory, memoryJournal } from '../../actors/journal-memory.js';
import { change, closing, describeJournal, noops, recovering, wanted, writing } from './contract.js';

const defer = (task: () => void) => queueMicrotask(task);

describeJournal('in memory', () => {
  const memory = emptyMemory();
  return { store: (wanted) => memoryJournal({ wanted, defer, memory }), remove: () => {} };
});

describe('a journal in memory', () => {
  it('forgets everything when its memory is not used again', async () => {
    const store = memoryJournal({ wanted, defer });
    await recovering(store);
    await writing(store, change(1, { first: 1, entries: noops(1, 2) }));
    await closing(store);

    const next = memoryJournal({ wanted: { ...wanted, freshIncarnation: 'second' }, defer });
    const recovered = await recovering(next);

    expect(recovered.entries).toEqual([]);
    expect(recovered.identity.incarnation).toBe('second');
  });

  it('does nothing but in its turns', () => {
    const turns: (() => void)[] = [];
    const said: string[] = [];
    const store = memoryJournal({ wanted, defer: (task) => turns.push(task) });

    store.open(({ ok }) => said.push(`opened ${ok}`));
    store.write([change(1, { first: 1, entries: noops(1, 1) })], (problem) => said.push(`wrote ${problem}`));
    expect(said).toEqual([]);
    for (const turn of turns) turn();

    expect(said).toEqual(['opened true', 'wrote null']);
  });
});

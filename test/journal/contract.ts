/** What every journal store promises. Run against each of them. */
import type {
  JournalProblem,
  JournalStore,
  JournalWrite,
  OpenOutcome,
  Recovered,
  WantedJournal,
} from '../../actors/journal-store.js';
import { Log } from '../../machines/values/log.js';
import { hashOf, type Snapshot } from '../../machines/values/snapshot.js';
import type { Entry, Term } from '../../transport/protocol.js';

export const term = (n: number, owner = 'p1'): Term => ({ n, owner });
export const noop = (n: number, at = 0): Entry => ({ kind: 'noop', term: term(n), at, body: null });
export const noops = (n: number, count: number): Entry[] =>
  Array.from({ length: count }, (_, i) => noop(n, i));

export const wanted: WantedJournal = { cluster: 'test', mode: 'safe', id: 'p1', freshIncarnation: 'first' };

export const change = (write: number, rest: Partial<JournalWrite>): JournalWrite => ({
  write,
  promised: null,
  truncateFrom: null,
  first: 0,
  entries: [],
  ...rest,
});

/** What stands for the first `index` of `entries`, with a state of so many characters. */
export const snapshotOf = (entries: readonly Entry[], index: number, characters = 10): Snapshot => {
  const state = JSON.stringify('grüße 🙂'.repeat(characters).slice(0, characters));
  return Log.of(entries).snapshotAt(index, state, hashOf(state));
};

export const opening = (store: JournalStore): Promise<OpenOutcome> => new Promise((done) => store.open(done));
export const writing = (
  store: JournalStore,
  ...writes: readonly JournalWrite[]
): Promise<JournalProblem | null> => new Promise((done) => store.write(writes, done));
export const closing = (store: JournalStore): Promise<void> => new Promise((done) => store.close(done));

/** What the store holds when it opens, which it must. */
export async function recovering(store: JournalStore): Promise<Recovered> {
  const outcome = await opening(store);
  if (!outcome.ok) throw new Error(`${outcome.code}: ${outcome.detail}`);
  return outcome.recovered;
}

/** A place where a journal is kept: each call of `store` is another life of the process that keeps it there. */
export interface Place {
  store(wanted: WantedJournal): JournalStore;
  remove(): void;
}

export function describeJournal(name: string, findPlace: () => Place) {
  describe(`a journal ${name}`, () => {
    let place: Place;
    let store: JournalStore;

    beforeEach(() => {
      place = findPlace();
      store = place.store(wanted);
    });
    afterEach(async () => {
      await closing(store);
      place.remove();
    });

    /** What the next life of the process finds. */
    async function reopened(): Promise<Recovered> {
      await closing(store);
      store = place.store({ ...wanted, freshIncarnation: 'second' });
      return recovering(store);
    }

    describeBeginning(() => ({ place, store, reopened }));
    describeWriting(() => ({ place, store, reopened }));
    describeSnapshots(() => ({ place, store, reopened }));
  });
}

type Given = () => {
  readonly place: Place;
  readonly store: JournalStore;
  readonly reopened: () => Promise<Recovered>;
};

function describeBeginning(given: Given) {
  it('begins with the wanted identity, a promise of nothing, and no entry', async () => {
    const recovered = await recovering(given().store);

    expect(recovered).toEqual({
      identity: { format: 1, cluster: 'test', mode: 'safe', id: 'p1', incarnation: 'first' },
      promised: { n: 0, owner: 'p1' },
      entries: [],
    });
  });

  it('keeps the incarnation it began with', async () => {
    await recovering(given().store);

    const recovered = await given().reopened();

    expect(recovered.identity.incarnation).toBe('first');
  });

  it.each([
    ['peer', { id: 'p2' }],
    ['cluster', { cluster: 'other' }],
    ['mode', { mode: 'safe-mem' as const }],
  ])('refuses to serve another %s, and keeps what it holds', async (_, other) => {
    await recovering(given().store);
    await writing(given().store, change(1, { first: 1, entries: noops(1, 2) }));
    await closing(given().store);

    const stranger = given().place.store({ ...wanted, ...other });
    const refusal = await opening(stranger);
    await closing(stranger);

    expect(refusal).toEqual({
      ok: false,
      code: 'data-of-another',
      detail: expect.stringContaining('belongs to another peer'),
    });
    expect((await given().reopened()).entries).toEqual(noops(1, 2));
  });

  it('serves one process at a time', async () => {
    await recovering(given().store);

    const second = given().place.store(wanted);
    const refusal = await opening(second);
    await closing(second);

    expect(refusal).toMatchObject({ ok: false, code: 'data-in-use' });
  });

  it('answers later, never from within the call', async () => {
    const order: string[] = [];
    const answered = new Promise<void>((done) =>
      given().store.open(() => {
        order.push('answered');
        done();
      }),
    );
    order.push('asked');
    await answered;

    expect(order).toEqual(['asked', 'answered']);
  });

  it('serves calls in the order in which they came, closing included', async () => {
    const order: string[] = [];
    const { store } = given();
    store.open(() => order.push('opened'));
    store.write([change(1, { first: 1, entries: noops(1, 1) })], (problem) => order.push(`wrote ${problem}`));
    await closing(store);

    expect(order).toEqual(['opened', 'wrote null']);
    expect((await given().reopened()).entries).toEqual(noops(1, 1));
  });

  it('writes nothing when it is closed', async () => {
    await recovering(given().store);
    await closing(given().store);

    const problem = await writing(given().store, change(1, { promised: term(9) }));

    expect(problem).toMatchObject({ code: 'journal-failed' });
    expect((await given().reopened()).promised).toEqual({ n: 0, owner: 'p1' });
  });
}

function describeWriting(given: Given) {
  /** Writes one sync per argument, all of which must succeed. */
  async function keep(...syncs: readonly (readonly JournalWrite[])[]) {
    await recovering(given().store);
    for (const writes of syncs) expect(await writing(given().store, ...writes)).toBeNull();
    return given().reopened();
  }

  it('keeps what was acknowledged', async () => {
    const payload = { text: 'grüße — 🙂', list: [1, null, true] };
    const submission = { number: 1, topic: 't', payload };
    const entry: Entry = { kind: 'submission', term: term(3), at: 5, body: { session: 2, submission } };

    const recovered = await keep([
      change(1, { promised: term(3, 'p3'), first: 1, entries: [noop(1), entry] }),
    ]);

    expect(recovered.entries).toEqual([noop(1), entry]);
    expect(recovered.promised).toEqual({ n: 3, owner: 'p3' });
  });

  it('keeps a promise without entries, and entries without a promise', async () => {
    const recovered = await keep(
      [change(1, { promised: term(2) })],
      [change(2, { first: 1, entries: noops(2, 1) })],
    );

    expect(recovered.promised).toEqual(term(2));
    expect(recovered.entries).toEqual(noops(2, 1));
  });

  it('keeps several writes of one sync, in their order', async () => {
    const recovered = await keep([
      change(1, { first: 1, entries: noops(1, 3), promised: term(1) }),
      change(2, { first: 4, entries: noops(1, 2) }),
      change(3, { truncateFrom: 3, first: 3, entries: noops(2, 1), promised: term(2) }),
    ]);

    expect(recovered.entries).toEqual([...noops(1, 2), ...noops(2, 1)]);
    expect(recovered.promised).toEqual(term(2));
  });

  it('keeps the order of entries beyond ten writes', async () => {
    const syncs = Array.from({ length: 12 }, (_, i) => [
      change(i + 1, { first: i + 1, entries: [noop(1, i)] }),
    ]);

    const recovered = await keep(...syncs);

    expect(recovered.entries).toEqual(noops(1, 12));
  });

  const five = change(1, { first: 1, entries: noops(1, 5) });
  const fiveMore = change(2, { first: 6, entries: noops(1, 5) });
  const cutFrom = (index: number) => change(3, { truncateFrom: index });

  it.each([
    ['at the end of a write', 6, 5],
    ['inside a write', 8, 7],
    ['inside an earlier write', 3, 2],
    ['at the first entry', 1, 0],
    ['behind the last entry, which drops none', 11, 10],
  ])('truncates %s', async (_, index, left) => {
    const apart = await keep([five], [fiveMore], [cutFrom(index)]);

    expect(apart.entries).toEqual([...noops(1, 5), ...noops(1, 5)].slice(0, left));
  });

  it.each([1, 3, 6, 8, 11])('truncates from %i within the sync that wrote it', async (index) => {
    const together = await keep([five, fiveMore, cutFrom(index)]);

    expect(together.entries).toEqual([...noops(1, 5), ...noops(1, 5)].slice(0, index - 1));
  });

  it('writes other entries where it has truncated', async () => {
    const recovered = await keep(
      [five],
      [fiveMore],
      [change(3, { truncateFrom: 4, first: 4, entries: noops(2, 4) })],
      [change(4, { first: 8, entries: noops(3, 1) })],
    );

    expect(recovered.entries).toEqual([...noops(1, 3), ...noops(2, 4), ...noops(3, 1)]);
  });

  it('goes on where the last life ended, and truncates what that wrote', async () => {
    await keep([five], [fiveMore]);
    const { store } = given();
    await writing(store, change(1, { truncateFrom: 7, first: 7, entries: noops(2, 1), promised: term(2) }));

    const recovered = await given().reopened();

    expect(recovered.entries).toEqual([...noops(1, 5), ...noops(1, 1), ...noops(2, 1)]);
    expect(recovered.promised).toEqual(term(2));
  });

  it.each([
    ['leaves a hole', change(2, { first: 7, entries: noops(1, 1) })],
    ['overwrites what was not truncated', change(2, { first: 5, entries: noops(1, 1) })],
    ['takes a promise back', change(2, { promised: { n: 0, owner: 'p0' } })],
    ['comes out of turn', change(1, { promised: term(7) })],
  ])('refuses all writes of a sync when one %s', async (_, bad) => {
    await recovering(given().store);
    await writing(given().store, five);

    const problem = await writing(given().store, bad, change(3, { promised: term(8) }));

    expect(problem).toMatchObject({ code: 'journal-failed' });
    const recovered = await given().reopened();
    expect(recovered.entries).toEqual(noops(1, 5));
    expect(recovered.promised).toEqual({ n: 0, owner: 'p1' });
  });
}

function describeSnapshots(given: Given) {
  async function keep(...syncs: readonly (readonly JournalWrite[])[]) {
    await recovering(given().store);
    for (const writes of syncs) expect(await writing(given().store, ...writes)).toBeNull();
    return given().reopened();
  }
  const ten = noops(1, 10);
  const five = change(1, { first: 1, entries: ten.slice(0, 5) });
  const fiveMore = change(2, { first: 6, entries: ten.slice(5) });

  it.each([1, 4, 5, 6, 9, 10])('puts a snapshot in the place of the first %i entries', async (index) => {
    const snapshot = snapshotOf(ten, index);

    const recovered = await keep([five], [fiveMore], [change(3, { snapshot })]);

    expect(recovered.snapshot).toEqual(snapshot);
    expect(recovered.entries).toEqual(ten.slice(index));
  });

  it('goes on behind a snapshot: appends, truncates, and takes the next one', async () => {
    await keep([five], [fiveMore], [change(3, { snapshot: snapshotOf(ten, 7) })]);
    const { store } = given();
    const rest = { truncateFrom: 9, first: 9, entries: noops(2, 4), promised: term(2) };
    const whole = [...ten.slice(0, 8), ...noops(2, 4)];

    expect(await writing(store, change(1, rest))).toBeNull();
    expect(await writing(store, change(2, { snapshot: snapshotOf(whole, 11) }))).toBeNull();

    const recovered = await given().reopened();
    expect(recovered).toMatchObject({ promised: term(2), snapshot: { lastIndex: 11 } });
    expect(recovered.entries).toEqual(whole.slice(11));
  });

  it('takes a snapshot of what others have in the place of all it had', async () => {
    const snapshot = snapshotOf(noops(2, 30), 30);
    const entries = noops(2, 2);

    const recovered = await keep([five], [change(2, { truncateFrom: 1, snapshot, first: 31, entries })]);

    expect(recovered).toMatchObject({ snapshot, entries });
  });

  it('keeps a snapshot of a million characters', async () => {
    const snapshot = snapshotOf(ten, 5, 1_000_000);

    const recovered = await keep([five], [fiveMore], [change(3, { snapshot })]);

    expect(recovered.snapshot?.state === snapshot.state).toBe(true);
  });

  it('refuses a snapshot that would leave a hole', async () => {
    await recovering(given().store);
    await writing(given().store, five);

    const problem = await writing(given().store, change(2, { snapshot: snapshotOf(ten, 8) }));

    expect(problem).toEqual({ code: 'journal-failed', detail: expect.stringContaining('ends at 5') });
  });
}

/** Every invariant can fail: each is shown a history that breaks it, and the same one unbroken. */
import type { Core } from '../../actors/anywhere.js';
import { checkHandover } from '../../apps/simulator/handover-invariants.js';
import { Invariants, type Subject } from '../../apps/simulator/invariants.js';
import { Log } from '../../machines/index.js';
import type { Configuration, Entry, Member, SequencerMessage, Term } from '../../transport/anywhere.js';

const term = (n: number, owner: string): Term => ({ n, owner });
const member = (id: string, incarnation = `${id}-1`): Member => ({
  id,
  incarnation,
  address: `${id}:1`,
  priority: 0,
});
const voters = (...ids: string[]): Configuration => ({
  clusterId: 'c',
  voters: ids.map((id) => member(id)),
  outgoing: [],
  learners: [],
});
const FOUNDING: Entry = { kind: 'configuration', term: term(0, '1'), at: 0, body: voters('1', '2', '3') };
let number = 0;
const entryOf = (of: Term): Entry => ({
  kind: 'submission',
  term: of,
  at: 0,
  body: { session: 1, submission: { number: ++number, topic: 't', payload: null } },
});

/** Three peers with a disk each, and the invariants that watch them. */
function watched() {
  const subjects = new Map<string, Subject & { disk: { promised: Term; entries: readonly Entry[] } }>();
  for (const id of ['1', '2', '3'])
    subjects.set(id, { id, incarnation: `${id}-1`, disk: { promised: term(0, '1'), entries: [FOUNDING] } });
  const invariants = new Invariants(
    () => [...subjects.values()],
    () => false,
  );
  const cores = new Map<string, Core>();
  const subject = (id: string) =>
    subjects.get(id) as Subject & { disk: { promised: Term; entries: readonly Entry[] } };
  /** The peer's sequencer is seen like this now; its disk holds the same unless said otherwise. */
  const see = (
    id: string,
    promised: Term,
    entries: readonly Entry[],
    {
      commit = 0,
      leads = false,
      onDisk = entries,
    }: { commit?: number; leads?: boolean; onDisk?: readonly Entry[] } = {},
  ) => {
    const core: Core = { promised, log: Log.of(entries), commit, isCoordinating: leads, handover: null };
    subject(id).disk.entries = onDisk;
    subject(id).disk.promised = promised;
    invariants.observe(subject(id), cores.get(id), core);
    cores.set(id, core);
  };
  return { see, invariants, subject, restart: (id: string) => cores.delete(id) };
}

const T1 = term(1, '3');
const T2 = term(2, '2');

/** 3 leads term 1 and has committed an entry that 2 holds too. */
function reign() {
  const world = watched();
  const entry = entryOf(T1);
  world.see('3', T1, [FOUNDING], { leads: true });
  world.see('3', T1, [FOUNDING, entry], { leads: true });
  world.see('2', T1, [FOUNDING, entry]);
  world.see('3', T1, [FOUNDING, entry], { leads: true, commit: 2 });
  return { ...world, entry };
}

describe('the safety of the core', () => {
  it('holds in a reign without mistakes', () => {
    const { see, invariants, entry } = reign();
    see('2', T1, [FOUNDING, entry], { commit: 2 });
    see('2', T2, [FOUNDING, entry], { commit: 2, leads: true });

    expect(invariants.ledger).toHaveLength(2);
    expect(invariants.reigns).toBe(2);
  });

  it.each<[string, string, (world: ReturnType<typeof reign>) => void]>([
    ['I1', 'a term is led by another than its owner', ({ see }) => see('1', T1, [FOUNDING], { leads: true })],
    [
      'I1',
      'a term is led twice',
      ({ see, restart, entry }) => {
        restart('3');
        see('3', T1, [FOUNDING, entry], { leads: true });
      },
    ],
    [
      'I2',
      'a promise is taken back',
      ({ see }) => {
        see('1', T2, [FOUNDING]);
        see('1', T1, [FOUNDING]);
      },
    ],
    ['I3', 'one place of a term holds two entries', ({ see }) => see('1', T1, [FOUNDING, entryOf(T1)])],
    [
      'I4',
      'a coordinator cuts its own log',
      ({ see, entry }) => {
        see('3', T1, [FOUNDING, entry, entryOf(T1)], { leads: true, commit: 2 });
        see('3', T1, [FOUNDING, entry], { leads: true, commit: 2 });
      },
    ],
    [
      'I5',
      'a new coordinator lacks what was committed',
      ({ see }) => see('2', T2, [FOUNDING], { leads: true }),
    ],
    [
      'I6',
      'two peers commit different entries at one place',
      ({ see }) => see('1', T2, [FOUNDING, entryOf(T2)], { commit: 2 }),
    ],
    [
      'I6',
      'a follower commits what no coordinator has',
      ({ see, entry }) => {
        const next = entryOf(T1);
        see('2', T1, [FOUNDING, entry, next], { commit: 3 });
      },
    ],
    [
      'I8',
      'a commit is taken back',
      ({ see, entry }) => see('3', T1, [FOUNDING, entry], { leads: true, commit: 1 }),
    ],
    [
      'I8',
      'more is committed than there is',
      ({ see, entry }) => see('2', T1, [FOUNDING, entry], { commit: 3 }),
    ],
    [
      'time',
      'an entry is earlier than the one before it',
      ({ see }) => see('1', T2, [FOUNDING, { ...entryOf(T2), at: -1 }]),
    ],
    [
      'I16',
      'a configuration follows whose quorums miss those before',
      ({ see }) => see('1', T2, [FOUNDING, { ...FOUNDING, term: T2, body: voters('1', '4', '5') }]),
    ],
  ])('%s: fails when %s', (invariant, _, act) => {
    const world = reign();

    expect(() => act(world)).toThrow(new RegExp(`^${invariant}: `));
  });

  it('I2: fails when a restarted peer does not know what its disk has promised', () => {
    const { invariants, subject, entry } = reign();
    const core: Core = {
      promised: term(0, '2'),
      log: Log.of([FOUNDING, entry]),
      commit: 0,
      isCoordinating: false,
      handover: null,
    };

    expect(() => invariants.observe(subject('2'), undefined, core)).toThrow(
      /^I2: 2 does not know of the promise/,
    );
  });

  it('I7: fails when an acknowledged entry is on a minority of the disks', () => {
    const { see } = watched();
    const entry = entryOf(T1);
    see('3', T1, [FOUNDING], { leads: true });
    see('3', T1, [FOUNDING, entry], { leads: true });

    expect(() => see('3', T1, [FOUNDING, entry], { leads: true, commit: 2 })).toThrow(
      /^I7: entry 2 is on 3 only/,
    );
  });
});

describe('a handover (I21)', () => {
  const [queued, later] = [entryOf(T1), entryOf(T1)];
  const at = (entries: readonly Entry[], handover: Core['handover'], commit = entries.length): Core => ({
    promised: T1,
    log: Log.of([FOUNDING, ...entries]),
    commit: commit + 1,
    isCoordinating: true,
    handover,
  });
  const levelling = at([], { isOffered: false, held: [queued, later] });

  it('goes well when it ends with another coordinator, or with all that was held', () => {
    const { log, commit } = levelling;
    const deposed = { promised: T2, log, commit, isCoordinating: false, handover: null };

    for (const after of [at([queued, later], null), at([], { isOffered: true, held: [queued] }), deposed])
      expect(() => checkHandover('3', levelling, after)).not.toThrow();
  });

  it.each<[string, Core]>([
    ['gives out 2 while it hands 1.3 over', at([queued], { isOffered: false, held: [later] })],
    ['has offered 1.3 and will acknowledge 1 to 1', at([], { isOffered: true, held: [] }, -1)],
    ['serves again without what it held, number 1 of it', at([], null)],
    ['serves again without what it held, number 2 of it', at([queued, queued], null)],
  ])('fails when the coordinator %s', (detail, after) => {
    expect(() => checkHandover('3', levelling, after)).toThrow(`I21: 3 ${detail}`);
  });

  it('fails when the old coordinator still counts what is acknowledged to it', () => {
    const { see, entry } = reign();
    const next = entryOf(T1);
    see('2', T1, [FOUNDING, entry, next]);

    expect(() => see('3', T1, [FOUNDING, entry, next], { commit: 3 })).toThrow(/^I21: 3 commits 3, and/);
  });
});

describe('what may be said before it is on the disk', () => {
  const promise = (of: Term, lastIndex: number): SequencerMessage => ({
    type: 'sequencer.promise',
    from: '2',
    term: of,
    incarnation: '2-1',
    lastIndex,
    lastTerm: T1,
    configuration: voters('1', '2', '3'),
  });
  const appended = (match: number): SequencerMessage => ({
    type: 'sequencer.appended',
    from: '2',
    term: T1,
    incarnation: '2-1',
    match,
  });

  it('P1: a promise that is not', () => {
    const { invariants, subject } = reign();

    expect(() => invariants.said(subject('2'), promise(T2, 2))).toThrow(/^P1: 2 reveals 2.2 too early/);
  });

  it('P1: a log that ends elsewhere', () => {
    const { invariants, subject } = reign();
    subject('2').disk.promised = T2;

    expect(() => invariants.said(subject('2'), promise(T2, 5))).toThrow(/^P1: 2 promises what it lacks/);
    expect(() => invariants.said(subject('2'), promise(T2, 2))).not.toThrow();
  });

  it('P2: an entry that is not', () => {
    const { invariants, subject } = reign();
    subject('2').disk.entries = [FOUNDING];

    expect(() => invariants.said(subject('2'), appended(2))).toThrow(/^P2: 2 acknowledges 2 too early/);
    expect(() => invariants.said(subject('2'), appended(1))).not.toThrow();
  });

  it('P2: an entry that is another', () => {
    const { invariants, subject } = reign();
    subject('2').disk.entries = [FOUNDING, entryOf(T1)];

    expect(() => invariants.said(subject('2'), appended(2))).toThrow(/^P2: 2 acknowledges another entry/);
  });

  it('I2: a disk that forgets', () => {
    const { invariants, subject } = reign();
    subject('2').disk.promised = T2;
    invariants.stored(subject('2'));
    subject('2').disk.promised = T1;

    expect(() => invariants.stored(subject('2'))).toThrow(/^I2: the disk of 2 forgets 2.2/);
  });
});

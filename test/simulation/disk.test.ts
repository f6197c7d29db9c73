/** The simulated disk: what was synced stays, and of the rest what whole pages make of it. */
import { SimulatedDisk } from '../../apps/simulator/disk.js';
import type { JournalWrite } from '../../machines/index.js';
import { type Entry, VirtualClock } from '../../transport/anywhere.js';

const TERM = { n: 1, owner: '1' };
const WANTED = { cluster: 'c', mode: 'safe' as const, id: '1', freshIncarnation: 'a' };
const LONG = 'x'.repeat(20_000);

const entry = (number: number, payload = ''): Entry => ({
  kind: 'submission',
  term: TERM,
  at: 0,
  body: { session: 1, submission: { number, topic: 't', payload } },
});
const write = (number: number, payload?: string): JournalWrite => ({
  write: number,
  promised: TERM,
  truncateFrom: null,
  first: number,
  entries: [entry(number, payload)],
});

/** A disk that has been opened, and on which chance says what it is told to. */
function opened(chance: () => number = () => 0.5) {
  const clock = new VirtualClock();
  const disk = new SimulatedDisk({ random: () => chance(), onChange: () => {} });
  const store = disk.store(WANTED, clock);
  store.open(() => {});
  clock.advance(10);
  const said: (string | null)[] = [];
  const put = (...writes: JournalWrite[]) =>
    store.write(writes, (problem) => said.push(problem?.detail ?? null));
  return { clock, disk, put, said };
}

describe('the simulated disk', () => {
  it('says that a write is there only after a sync, and keeps it then', () => {
    const { clock, disk, put, said } = opened();
    put(write(1));
    const before = [said.length, disk.content.entries.length];
    clock.advance(10);
    disk.crash();

    expect(before).toEqual([0, 0]);
    expect(said).toEqual([null]);
    expect(disk.content.entries).toHaveLength(1);
  });

  it.each([
    ['keeps an unsynced write whose pages all made it', 0.1, 1],
    ['loses an unsynced write whose pages did not', 0.7, 0],
    ['drops an unsynced write that is torn', 0.95, 0],
  ])('%s', (_, chance, kept) => {
    const { disk, put } = opened(() => chance);
    put(write(1));

    expect(disk.crash()).toBe(kept);
    expect(disk.content.entries).toHaveLength(kept);
  });

  it('drops a write of many pages when one of them is missing, whichever', () => {
    const pages = Math.ceil(LONG.length / 4096);
    for (let missing = 0; missing < pages; missing++) {
      let page = 0;
      const { disk, put } = opened(() => (page++ === missing ? 0.7 : 0.1));
      put(write(1, LONG));
      page = 0;

      expect(disk.crash()).toBe(0);
    }
  });

  it('drops what follows a write that did not make it, though it is there itself', () => {
    let draws = 0;
    const { disk, put } = opened(() => (draws++ === 0 ? 0.7 : 0.1));
    put(write(1));
    put(write(2));
    draws = 0;

    expect(disk.crash()).toBe(0);
    expect(disk.content.entries).toHaveLength(0);
  });

  it('takes its time when it is slow', () => {
    const { clock, disk, put, said } = opened();
    disk.slowByMs = 1000;
    put(write(1));
    clock.advance(999);
    const before = said.length;
    clock.advance(10);

    expect([before, said.length]).toEqual([0, 1]);
  });

  it('fails every write while it is full, and writes nothing', () => {
    const { clock, disk, put, said } = opened();
    disk.failure = 'ENOSPC';
    put(write(1));
    clock.advance(10);

    expect(said).toEqual(['ENOSPC']);
    expect(disk.crash()).toBe(0);
  });

  it('holds nothing after it was wiped, and belongs to a new incarnation', () => {
    const { clock, disk, put } = opened();
    put(write(1));
    clock.advance(10);
    disk.wipe();

    expect([disk.content.entries.length, disk.incarnation]).toEqual([0, null]);
  });
});

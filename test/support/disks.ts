/** Three peers, and the disk of one of them in the hands of whoever tells the story. */
import { emptyMemory, type JournalMemory, memoryJournal } from '../../actors/journal-memory.js';
import { Cluster } from './cluster.js';

const PEERS = ['1', '2', '3'];

export interface Told {
  readonly cluster: Cluster;
  /** The disk of `id`, to be tampered with while its peer is down. */
  readonly disk: JournalMemory;
  start(): void;
}

/** Three peers; the disk of `id` is in our hands. Set `isFull.now` and there is no room on it; it takes `syncMs.now` to write. */
export function told(id: string, isFull = { now: false }, syncMs = { now: 1 }): Told {
  const cluster = new Cluster({ peers: PEERS, options: { snapshotEvery: 500, trailing: 100 } });
  const disk = emptyMemory();
  const start = () =>
    void cluster.start(
      id,
      {},
      {
        environment: {
          journal: (freshIncarnation) => {
            const wanted = { cluster: 'bullpen', mode: 'safe' as const, id, freshIncarnation };
            const defer = (task: () => void) => void cluster.clock.setTimeout(task, syncMs.now);
            const store = memoryJournal({ wanted, defer, memory: disk });
            const problem = { code: 'journal-failed' as const, detail: 'ENOSPC', isFull: true as const };
            return {
              ...store,
              write: (writes, done) => (isFull.now ? defer(() => done(problem)) : store.write(writes, done)),
            };
          },
        },
      },
    );
  for (const other of PEERS) other === id ? start() : cluster.start(other);
  cluster.until('3 leads', () => cluster.coordinator() === '3' && cluster.isAtRest());
  return { cluster, disk, start };
}

export function talk(cluster: Cluster, id: string, count: number, name = 'line'): void {
  for (let i = 1; i <= count; i++) {
    cluster.say(id, `${name} ${i}`);
    if (i % 50 === 0) cluster.advance(5);
  }
  cluster.advance(300);
}

/** What is left is `left` entries, and at the next start it is known. */
export function damage({ disk }: Told, left: number): void {
  disk.isHeld = false;
  disk.content?.entries.splice(left);
  Object.assign(disk.content ?? {}, { damage: 'a bit has flipped' });
}

/** The latest message is another one, and nobody can tell. */
export function distort({ disk }: Told): void {
  disk.isHeld = false;
  const { entries } = disk.content ?? { entries: [] };
  const place = entries.findLastIndex(({ kind }) => kind === 'submission');
  const distorted = entries[place];
  if (distorted?.kind !== 'submission') return;
  const submission = { ...distorted.body.submission, payload: 'LINE' };
  entries[place] = { ...distorted, body: { ...distorted.body, submission } };
}

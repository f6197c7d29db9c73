/**
 * The one door for the disk: the journal's machine, and the store that does what it asks.
 *
 * Hears `journal.write` and `journal.close` from its parent, and tells it `journal.recovered`, `journal.persisted`,
 * `journal.failed`, `journal.closed`.
 */
import { fromCallback, sendParent, sendTo, spawnChild } from 'xstate';
import { JOURNAL_WAITING_MAX, type JournalEvent, journalMachine } from '../machines/journal.js';
import type {
  JournalProblem,
  JournalTip,
  JournalWrite,
  Recovered,
} from '../machines/values/journal-record.js';
import type { JournalStore } from './journal-store.js';

/** What the peer tells the journal. */
export type JournalCommand = Extract<JournalEvent, { type: `journal.${string}` }>;

/** What the journal tells the peer. */
export type JournalFact =
  | { readonly type: 'journal.recovered'; readonly recovered: Recovered }
  /** On disk: every write up to `write`; with it the log ends at `last`, and this is the promise. */
  | ({ readonly type: 'journal.persisted' } & JournalTip)
  /** There is no room on the disk; and there is again. What was asked for waits. */
  | { readonly type: 'journal.filled' }
  | { readonly type: 'journal.emptied' }
  /** The sync under way takes long; said again and again as long as it does. */
  | { readonly type: 'journal.dragged' }
  /** Final. What was acknowledged is on disk; nothing more will be. */
  | ({ readonly type: 'journal.failed' } & JournalProblem)
  /** The disk is free for another process. The journal's actor is done. */
  | { readonly type: 'journal.closed' };

/**
 * The journal on `store`, ready to be spawned by the peer. Opens it at once.
 *
 * @param store - one store serves one actor at a time.
 */
export const journalActor = (store: JournalStore) =>
  journalMachine.provide({
    actions: {
      // XState admits an id only for actors declared by the machine; ours declares none, to stay free of the disk.
      open: spawnChild(diskOf(store), { id: 'disk' as never }),
      sync: sendTo('disk', (_, { writes }: { readonly writes: readonly JournalWrite[] }) => ({
        type: 'disk.sync',
        writes,
      })),
      close: sendTo('disk', { type: 'disk.close' }),
      recovered: sendParent((_, { recovered }) => ({ type: 'journal.recovered', recovered })),
      persisted: sendParent((_, tip) => ({ type: 'journal.persisted', ...tip })),
      failed: sendParent((_, problem) => ({ type: 'journal.failed', ...problem })),
      filled: sendParent({ type: 'journal.filled' }),
      emptied: sendParent({ type: 'journal.emptied' }),
      dragged: sendParent({ type: 'journal.dragged' }),
      closed: sendParent({ type: 'journal.closed' }),
    },
  });

/** What the actor has to be spawned with. */
export const JOURNAL_INPUT = {
  waitingMax: JOURNAL_WAITING_MAX,
  fullRetryMs: 1000,
  slowSyncMs: 1000,
} as const;

type DiskCommand =
  | { readonly type: 'disk.sync'; readonly writes: readonly JournalWrite[] }
  | { readonly type: 'disk.close' };

/** The store as an actor: it is opened by being spawned, and let go at the latest when it is stopped. */
const diskOf = (store: JournalStore) =>
  fromCallback<DiskCommand>(({ sendBack, receive }) => {
    store.open((outcome) =>
      sendBack(
        outcome.ok
          ? { type: 'disk.opened', recovered: outcome.recovered }
          : { type: 'disk.refused', code: outcome.code, detail: outcome.detail },
      ),
    );
    receive((command) => {
      if (command.type === 'disk.close') store.close(() => sendBack({ type: 'disk.closed' }));
      else sync(command.writes);
    });
    function sync(writes: readonly JournalWrite[]) {
      const upTo = writes.at(-1)?.write ?? 0;
      store.write(writes, (problem) => {
        if (problem === null) sendBack({ type: 'disk.synced', upTo });
        else if (problem.isFull) sendBack({ type: 'disk.filled' });
        else sendBack({ type: 'disk.failed', detail: problem.detail });
      });
    }
    return () => store.close(() => {});
  });

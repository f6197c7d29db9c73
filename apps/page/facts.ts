/** What the peer says of itself and believes of the others, asked for again and again. */
import { batch, createSignal, onCleanup } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import type { Belief, Status } from './contract.js';
import { readBeliefs, readStatus } from './requests.js';

const ASK_EVERY_MS = 1000;
const ASK_HIDDEN_MS = 5000;
/** After something happened, ask this soon, so that many happenings cost one question. */
const ASK_SOON_MS = 120;

export interface FactsListener {
  /** The peer answers for the first time, again after silence, or out of a new process. */
  readonly returned: () => void;
  /** It answered, with the state of its machines. */
  readonly answered: (status: Status) => void;
}

export function createFacts(listener: FactsListener) {
  const [facts, setFacts] = createStore<{ status: Status | null; beliefs: readonly Belief[] }>({
    status: null,
    beliefs: [],
  });
  const [answering, setAnswering] = createSignal<'not-yet' | 'yes' | 'no'>('not-yet');

  const askSoon = createAsking(async () => {
    const [status, beliefs] = await Promise.all([readStatus(), readBeliefs()]);
    const isBack = status !== null && (answering() !== 'yes' || status.pid !== facts.status?.pid);
    batch(() => {
      setAnswering(status ? 'yes' : 'no');
      if (status) setFacts('status', reconcile(status, { key: 'id' }));
      if (beliefs) setFacts('beliefs', reconcile([...beliefs], { key: 'id' }));
    });
    if (isBack) listener.returned();
    if (status) listener.answered(status);
  });
  return { facts, answering, askSoon };
}

/** Asks at a steady pace, sooner when nudged, never twice at a time. */
function createAsking(ask: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;
  let soon = false;

  const run = async () => {
    soon = false;
    asking = true;
    await ask();
    asking = false;
    timer = setTimeout(run, soon ? ASK_SOON_MS : document.hidden ? ASK_HIDDEN_MS : ASK_EVERY_MS);
  };
  void run();
  onCleanup(() => clearTimeout(timer));
  return () => {
    if (soon) return;
    soon = true;
    if (asking) return;
    clearTimeout(timer);
    timer = setTimeout(run, ASK_SOON_MS);
  };
}

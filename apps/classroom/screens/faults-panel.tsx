/** @jsxImportSource solid-js */
/** Faults: what can be done to the selected peer or the whole, and the list of what was done, to take back. */
import { createSignal, For, Show } from 'solid-js';
import type { Act, PeerId } from '../contract.js';
import { actInWords } from '../exports/sequence.js';
import { timeInWords } from '../panes/index.js';
import { NumberField } from './builder.jsx';
import * as gestures from './gestures.js';
import { labelOf } from './labels.js';
import type { Run } from './run.js';

const MS_MAX = 60_000;

export function FaultsPanel(props: { readonly run: Run }) {
  const stage = props.run.stage;
  return (
    <div class="faults">
      <fieldset class="choose-peer" aria-label="Peer">
        <For each={[...stage.world().ids].reverse()}>
          {(id) => (
            <button
              type="button"
              aria-pressed={stage.selectedPeer() === id}
              onClick={() => stage.selectPeer(stage.selectedPeer() === id ? null : id)}
            >
              {id}
            </button>
          )}
        </For>
      </fieldset>
      <Show
        when={stage.selectedPeer()}
        fallback={<p class="empty">Select a peer, here or in the arena, to do something to it.</p>}
      >
        {(peer) => <PeerFaults run={props.run} peer={peer()} />}
      </Show>
      <div class="buttons">
        <button
          type="button"
          class="quiet"
          onClick={() => props.run.act(...gestures.healing(momentOf(props.run)))}
        >
          Heal the network
        </button>
        <p class="dim">
          Circle peers in the arena to part them; hold L and drag to cut one way. Drag a message along its
          way, the end of a wait round a peer, or the head of an arrow: it comes sooner or later.
        </p>
      </div>
      <Done run={props.run} />
    </div>
  );
}

const momentOf = (run: Run): gestures.Moment => ({
  world: run.stage.world(),
  at: run.stage.now(),
  script: run.script(),
});

/** A lasting fault, for `forMs`. */
type Lasting = (peer: PeerId, at: number, forMs: number) => readonly Act[];

function PeerFaults(props: { readonly run: Run; readonly peer: PeerId }) {
  const [forMs, setForMs] = createSignal(1000);
  const face = () => props.run.stage.world().peers[props.peer];
  const others = () => props.run.stage.world().ids.filter((id) => id !== props.peer);
  const act = (...acts: readonly Act[]) => props.run.act(...acts);
  const lasting = (words: string, make: Lasting) => (
    <button
      type="button"
      class="quiet"
      onClick={() => act(...make(props.peer, props.run.stage.now(), forMs()))}
    >
      {words}
    </button>
  );
  const cuts = (way: (other: PeerId) => { from: PeerId; to: PeerId }, at: number): readonly Act[] =>
    others().map((other) => ({ kind: 'cut', at, forMs: forMs(), ...way(other) }));
  return (
    <>
      <div class="buttons">
        <button type="button" onClick={() => act(gestures.crashOrRestart(props.peer, momentOf(props.run)))}>
          {face()?.condition === 'crashed' ? 'Start again' : 'Crash'}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => act(gestures.pauseOrResume(props.peer, momentOf(props.run)))}
        >
          {face()?.condition === 'paused' ? 'Let it go on' : 'Pause'}
        </button>
        <button
          type="button"
          class="quiet"
          onClick={() => act({ kind: 'leave', at: props.run.stage.now(), peer: props.peer })}
        >
          Leave
        </button>
        <Submit run={props.run} peer={props.peer} />
      </div>
      <NumberField name="for so many ms" value={forMs()} least={1} most={MS_MAX} onChange={setForMs} />
      <div class="buttons">
        {lasting('Power cut', (peer, at, ms) => [{ kind: 'crash', at, forMs: ms, peer, isPowerCut: true }])}
        {lasting('Lose its disk', (peer, at, ms) => [{ kind: 'wipe', at, forMs: ms, peer }])}
        {lasting('Sleep', (peer, at, ms) => [{ kind: 'pause', at, forMs: ms, peer }])}
        {lasting('Mute', (peer, at) => cuts((to) => ({ from: peer, to }), at))}
        {lasting('Deaf', (peer, at) => cuts((from) => ({ from, to: peer }), at))}
        {lasting('Slow ways', (peer, at, ms) =>
          others().map((to) => ({ kind: 'slow-path', at, forMs: ms, from: peer, to, byMs: 100 })),
        )}
        {lasting('Slow disk', (peer, at, ms) => [{ kind: 'slow-disk', at, forMs: ms, peer, byMs: 100 }])}
        {lasting('Full disk', (peer, at, ms) => [{ kind: 'full-disk', at, forMs: ms, peer }])}
      </div>
    </>
  );
}

/** A client of this peer says something. */
function Submit(props: { readonly run: Run; readonly peer: PeerId }) {
  const say = () =>
    props.run.act({
      kind: 'load',
      at: props.run.stage.now(),
      peer: props.peer,
      count: 1,
      everyMs: 0,
      bytes: 8,
      isRetried: false,
      timeoutMs: null,
    });
  return (
    <button type="button" class="quiet" onClick={say}>
      Submit a message
    </button>
  );
}

/** What was done, in order; each can be taken back. */
function Done(props: { readonly run: Run }) {
  return (
    <>
      <h3>What was done</h3>
      <ol class="done">
        <For
          each={props.run.script().acts}
          fallback={<li class="empty">Nothing yet: the cluster is left alone.</li>}
        >
          {(act) => (
            <li>
              <button type="button" class="quiet when" onClick={() => props.run.stage.seek(act.at)}>
                {timeInWords(act.at)}
              </button>
              <span>{actInWords(act, labelOf)}</span>
              <button
                type="button"
                class="quiet"
                aria-label={`Take back: ${actInWords(act, labelOf)}`}
                onClick={() => props.run.takeBack(act)}
              >
                ✕
              </button>
            </li>
          )}
        </For>
      </ol>
    </>
  );
}

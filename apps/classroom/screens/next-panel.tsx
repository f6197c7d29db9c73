/** @jsxImportSource solid-js */
/** What could happen next: every message under way and every timer, to be let happen in any order (untimed play). */
import { createMemo, For, Show } from 'solid-js';
import * as gestures from './gestures.js';
import { kindOf, labelOf } from './labels.js';
import type { Run } from './run.js';
import { stepOn } from './stage-keys.js';

const SHOWN_MOST = 60;

export function NextPanel(props: { readonly run: Run }) {
  const stage = props.run.stage;
  const all = createMemo(() => gestures.possibilities(stage.world()));
  const shown = createMemo(() => {
    const isShown = (one: gestures.Possible) =>
      stage.heartbeats() || one.kind === 'timer' || kindOf(one.message.type) !== 'heartbeat';
    return all().filter(isShown);
  });
  /** Lets it happen, and goes to where it has. */
  const choose = async (one: gestures.Possible) => {
    stage.pause();
    props.run.act(gestures.happenNow(one, stage.now()));
    await props.run.playTo(stage.now() + 1);
    await stepOn(stage, props.run, 'event', 1);
  };
  return (
    <div class="next">
      <p class="dim">
        The network and the clocks may do any of these first. Choose one: it happens now, whatever its time
        was.
      </p>
      <ol>
        <For
          each={shown().slice(0, SHOWN_MOST)}
          fallback={<li class="empty">Nothing is under way and no timer runs.</li>}
        >
          {(one) => (
            <li>
              <button type="button" class="quiet" onClick={() => void choose(one)}>
                <PossibleWords one={one} />
                <span class="dim">{dueInWords(one.due, stage.time())}</span>
              </button>
            </li>
          )}
        </For>
      </ol>
      <Show when={shown().length > SHOWN_MOST}>
        <p class="dim">{shown().length - SHOWN_MOST} more, later ones.</p>
      </Show>
    </div>
  );
}

function PossibleWords(props: { readonly one: gestures.Possible }) {
  const words = () => {
    const { one } = props;
    if (one.kind === 'message') {
      const { type, from, to } = one.message;
      return `${labelOf(type)} ${from} → ${to} arrives`;
    }
    return `${one.peer}: ${one.actor}, ${delayOf(one.event)} is over`;
  };
  return <span>{words()}</span>;
}

/** The delay's name in XState's event for it. */
const delayOf = (event: string): string => event.match(/^xstate\.after\.([^.]+)/)?.[1] ?? event;

function dueInWords(due: number | null, now: number): string {
  if (due === null) return 'held';
  const inMs = Math.round((due - now) * 10) / 10;
  return inMs <= 0 ? 'now' : `in ${inMs} ms`;
}

/** @jsxImportSource solid-js */
/** Beside the picture: everything the trace tells of the peer or message that is selected, and what the last event changed. */
import { createMemo, For, Index, Show } from 'solid-js';
import {
  actorInWords,
  causeOf,
  type Entry,
  type Flight,
  mentionOf,
  type PeerFace,
  reasonOf,
  stateInWords,
  tell,
} from '../history/index.js';
import type { Stage } from '../stage.js';
import { delayOf } from './appearance.js';
import { type Change, changesBetween, fieldsOf, isShown, weightOf } from './inspector-changes.js';
import { Glyph, kindOfFlight, labelOf, lengthInWords, meaningOf, timeInWords } from './kinds.js';
import './inspector.css';

export function Inspector(props: { readonly stage: Stage }) {
  const { stage } = props;
  const face = () => {
    const id = stage.selectedPeer();
    return id === null ? undefined : stage.world().peers[id];
  };
  const flight = () => {
    const id = stage.selectedMessage();
    return id === null ? undefined : stage.history().flight(id);
  };
  return (
    <section class="panel inspector" aria-labelledby="inspector-title">
      <div class="panel-head">
        <h2 id="inspector-title">
          <Show when={face()} fallback={flight() ? 'Message' : 'Event'}>
            {(one) => `Process ${one().id}`}
          </Show>
        </h2>
        <Show when={face() ?? flight()}>
          <span class="head-space" />
          <button
            type="button"
            class="quiet"
            title="Show the event at the playhead (Esc)"
            onClick={() => {
              stage.selectPeer(null);
              stage.selectMessage(null);
            }}
          >
            close
          </button>
        </Show>
      </div>
      <div class="scroll" tabindex="0">
        <Show when={face()}>{(one) => <PeerDetails stage={stage} face={one()} />}</Show>
        <Show when={face() === undefined ? flight() : undefined}>
          {(one) => <MessageDetails stage={stage} flight={one()} />}
        </Show>
        <Show when={face() === undefined && flight() === undefined}>
          <EventDetails stage={stage} index={stage.index()} />
        </Show>
      </div>
    </section>
  );
}

function PeerDetails(props: { readonly stage: Stage; readonly face: PeerFace }) {
  const last = createMemo(() => lastTelling(props.stage, props.face));
  const before = createMemo(() => {
    const entry = props.stage.history().at(last() - 1);
    return entry === undefined
      ? undefined
      : props.stage.history().worldAt({ index: last() - 1, ms: entry.t }).peers[props.face.id];
  });
  const changes = createMemo(() => changesBetween(before(), props.face));
  const actors = createMemo(() =>
    Object.entries(props.face.actors)
      .filter(([name]) => isShown(name))
      .sort(([one], [other]) => weightOf(one) - weightOf(other)),
  );
  const timers = createMemo(() =>
    props.face.timers.filter(({ actor }) => isShown(actor)).sort((a, b) => a.due - b.due),
  );
  return (
    <>
      <h3>
        Its last event <span class="dim">{timeInWords(props.stage.history().at(last())?.t ?? 0)}</span>
      </h3>
      <p>{tell(props.stage.history(), last()).text}</p>
      <Changes changes={changes()} />
      <h3>What it says of itself</h3>
      <dl class="fields">
        <Index each={fieldsOf(props.face)}>{(field) => <Field what={field().what} is={field().is} />}</Index>
      </dl>
      <h3>Its charts</h3>
      <dl class="fields">
        <Index each={actors()} fallback={<p class="dim">none runs</p>}>
          {(one) => (
            <div>
              <dt>{actorInWords(one()[0])}</dt>
              <dd>
                {stateInWords(one()[1].state) || 'runs'}
                <span class="dim"> {lengthInWords(Math.max(0, props.stage.time() - one()[1].since))}</span>
              </dd>
            </div>
          )}
        </Index>
      </dl>
      <Show when={timers().length > 0}>
        <h3>Its timers</h3>
        <dl class="fields">
          <Index each={timers()}>
            {(timer) => (
              <div>
                <dt>{actorInWords(timer().actor)}</dt>
                <dd>
                  {delayOf(timer().event)}
                  <span class="dim"> in {lengthInWords(Math.max(0, timer().due - props.stage.time()))}</span>
                </dd>
              </div>
            )}
          </Index>
        </dl>
      </Show>
    </>
  );
}

/** How far back one looks for an event of a peer that is worth telling; else it is the very last. */
const LOOK_BACK = 3000;

function lastTelling(stage: Stage, { id, lastIndex }: PeerFace): number {
  const history = stage.history();
  for (let index = lastIndex; index > lastIndex - LOOK_BACK && index >= 0; index--)
    if (history.at(index)?.p === id && tell(history, index).isTelling) return index;
  return lastIndex;
}

function Changes(props: { readonly changes: readonly Change[] }) {
  return (
    <ul class="changes" aria-label="What it changed">
      <For each={props.changes} fallback={<li class="dim">it changed nothing that shows</li>}>
        {({ what, was, is }) => (
          <li>
            <span class="what">{what}</span> <Show when={was}>{(text) => <del>{text()}</del>}</Show>{' '}
            <Show when={is} fallback={<span class="dim">gone</span>}>
              {(text) => <ins>{text()}</ins>}
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

function MessageDetails(props: { readonly stage: Stage; readonly flight: Flight }) {
  const flight = () => props.flight;
  const fate = () => {
    const { fate: told, endAt, why, sentAt, due } = flight();
    if (told === 'delivered' && endAt !== null)
      return `arrives ${timeInWords(endAt)}, after ${lengthInWords(endAt - sentAt)}`;
    if (told === 'lost') return `is lost${endAt === null ? '' : ` ${timeInWords(endAt)}`}: ${reasonOf(why)}`;
    if (told === 'silent') return 'was not seen to arrive';
    return due === null ? 'is under way, nobody knows until when' : `is due ${timeInWords(due)}`;
  };
  return (
    <>
      <p class="message-title">
        <Glyph kind={kindOfFlight(flight())} /> <b>{labelOf(flight().type)}</b> {flight().from} →{' '}
        {flight().to}
      </p>
      <Show when={meaningOf(flight().type)}>{(meaning) => <p class="meaning">“{meaning()}”</p>}</Show>
      <dl class="fields">
        <Field what="sent" is={timeInWords(flight().sentAt)} />
        <Field what="fate" is={fate()} />
        <Show when={flight().term !== null}>
          <Field what="term" is={String(flight().term)} />
        </Show>
        <Show when={flight().load > 0}>
          <Field what="carries" is={`${flight().load} entries`} />
        </Show>
        <Field what="wire type" is={flight().type} />
        <Field what="name" is={flight().id} />
      </dl>
      <Show when={props.stage.act}>
        <button
          type="button"
          class="quiet"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            props.stage.openMenu({ kind: 'message', id: flight().id, x: box.left, y: box.bottom });
          }}
        >
          What can be done to it …
        </button>
      </Show>
      <h3>How it was sent</h3>
      <EventDetails stage={props.stage} index={flight().sentIndex} />
    </>
  );
}

function Field(props: { readonly what: string; readonly is: string }) {
  return (
    <div>
      <dt>{props.what}</dt>
      <dd>{props.is}</dd>
    </div>
  );
}

const CAUSES_MOST = 8;

/** One event: in words, as the trace has it, and the chain of what led to it. */
function EventDetails(props: { readonly stage: Stage; readonly index: number }) {
  const entry = createMemo(() => props.stage.history().at(props.index));
  const causes = createMemo(() => causesOf(props.stage, entry()));
  return (
    <Show when={entry()} fallback={<p class="empty">Select a process or a message, or step to an event.</p>}>
      {(one) => (
        <>
          <p>{tell(props.stage.history(), one().index).text}</p>
          <Show when={causes().length > 0}>
            <ol class="causes" aria-label="What led to it, the nearest first">
              <For each={causes()}>
                {(cause) => (
                  <li>
                    <button type="button" class="quiet" onClick={() => props.stage.seekEvent(cause.index)}>
                      <span class="dim">{timeInWords(cause.t)}</span> {cause.p} {mentionOf(cause)}
                    </button>
                  </li>
                )}
              </For>
            </ol>
          </Show>
          <details>
            <summary>as the trace has it</summary>
            <pre>{rawOf(one())}</pre>
          </details>
        </>
      )}
    </Show>
  );
}

/** Back from one peer to the other: what a message led to was led to by its sending. */
function causesOf(stage: Stage, entry: Entry | undefined): readonly Entry[] {
  const history = stage.history();
  const chain: Entry[] = [];
  let here = entry;
  while (here !== undefined && chain.length < CAUSES_MOST) {
    const sent = here.k === 'receive' ? history.flightOf(here.index)?.sentIndex : undefined;
    const cause: Entry | undefined = sent === undefined ? causeOf(history, here) : history.at(sent);
    if (cause === undefined || cause.index >= here.index) break;
    chain.push(cause);
    here = cause;
  }
  return chain;
}

const RAW_MOST = 4000;
const rawOf = ({ index: _, ...record }: Entry): string => {
  const text = JSON.stringify(record, null, 1);
  return text.length > RAW_MOST ? `${text.slice(0, RAW_MOST)}…` : text;
};

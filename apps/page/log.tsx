/** @jsxImportSource solid-js */
/** The log as it grows, and the box to say something to it. */
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { Composer } from './composer.jsx';
import type { Delivery } from './contract.js';
import type { Live } from './live.js';
import { type MessageLog, textOf } from './message-log.js';

const ALL = '';

export function LogPanel(props: { readonly live: Live; readonly log: MessageLog }) {
  const [topic, setTopic] = createSignal(ALL);
  const topics = createMemo(() => [...new Set(props.log.lines().map((line) => line.topic))].sort());
  const shown = createMemo(() => {
    const wanted = topic();
    return wanted === ALL ? props.log.lines() : props.log.lines().filter((line) => line.topic === wanted);
  });
  return (
    <section class="panel log" aria-labelledby="log-title">
      <div class="panel-head">
        <h2 id="log-title">Log</h2>
        <p class="dim">one order for all; {props.live.facts.status?.sequence ?? 0} delivered here</p>
        <label class="filter">
          topic{' '}
          <select value={topic()} onChange={(event) => setTopic(event.currentTarget.value)}>
            <option value={ALL}>all</option>
            <For each={topics()}>{(name) => <option value={name}>{name}</option>}</For>
          </select>
        </label>
      </div>
      <Lines log={props.log} shown={shown()} />
      <Composer log={props.log} topics={topics()} self={props.live.facts.status?.id ?? '?'} />
    </section>
  );
}

/** Within this many pixels of the end the newest line counts as seen, and stays in view. */
const NEAR = 24;

function Lines(props: { readonly log: MessageLog; readonly shown: readonly Delivery[] }) {
  const [unread, setUnread] = createSignal(0);
  let box: HTMLDivElement | undefined;
  let atEnd = true;

  const toEnd = () => {
    if (box) box.scrollTop = box.scrollHeight;
    atEnd = true;
    setUnread(0);
  };
  const scrolled = () => {
    if (!box) return;
    atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd) setUnread(0);
  };
  const lastShown = () => props.shown.at(-1)?.sequence ?? 0;
  createEffect(
    on([lastShown, () => props.log.pending().length], ([last], before) => {
      if (atEnd) {
        props.log.trim();
        queueMicrotask(toEnd);
      } else if (before)
        setUnread(
          (count) => count + props.shown.filter((line) => line.sequence > (before[0] ?? last)).length,
        );
    }),
  );
  const earlier = async () => {
    const below = box ? box.scrollHeight - box.scrollTop : 0;
    atEnd = false;
    await props.log.showEarlier();
    if (box) box.scrollTop = box.scrollHeight - below;
  };

  return (
    <div class="log-body">
      <div
        class="scroll"
        ref={box}
        onScroll={scrolled}
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label="Delivered messages"
      >
        <Show when={(props.log.lines()[0]?.sequence ?? 1) > 1}>
          <button type="button" class="quiet" onClick={earlier}>
            earlier messages
          </button>
        </Show>
        <Show when={props.shown.length === 0 && props.log.pending().length === 0}>
          <p class="empty">
            Nothing has been said yet. Whatever is sent, by any peer, gets the next number and shows here.
          </p>
        </Show>
        <ol class="lines">
          <For each={props.shown}>{(line) => <Line line={line} />}</For>
          <For each={props.log.pending().filter((one) => one.trouble === '')}>
            {(one) => (
              <li class="pending">
                <span class="number">…</span>
                <span class="topic">{one.topic}</span>
                <span class="said">{one.text}</span>
                <span class="time">waits for its number</span>
              </li>
            )}
          </For>
        </ol>
      </div>
      <Show when={unread() > 0}>
        <button type="button" class="unread" onClick={toEnd}>
          ↓ {unread()} new
        </button>
      </Show>
    </div>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

function Line(props: { readonly line: Delivery }) {
  return (
    <li
      title={`term ${props.line.term}, ${props.line.topic} #${props.line.topicSequence}, id ${props.line.id}`}
    >
      <span class="number">#{props.line.sequence}</span>
      <span class="origin">{props.line.origin}</span>
      <span class="topic">{props.line.topic}</span>
      <span class="said">{textOf(props.line.payload)}</span>
      <time class="time" dateTime={new Date(props.line.at).toISOString()}>
        {clock.format(props.line.at)}
      </time>
    </li>
  );
}

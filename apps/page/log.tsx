/** @jsxImportSource solid-js */
/** The log as it grows, and the box to say something to it. */
import { createEffect, createMemo, createSignal, For, on, Show } from 'solid-js';
import { Composer } from './composer.jsx';
import type { Delivery } from './contract.js';
import { createEndKeeper } from './end-keeper.js';
import type { Live } from './live.js';
import { ALL, isSaid, type MessageLog, type Pending, SAID, textOf } from './message-log.js';

export function LogPanel(props: { readonly live: Live; readonly log: MessageLog }) {
  const said = createMemo(() => props.log.topics().filter(isSaid));
  return (
    <section class="panel log" aria-labelledby="log-title">
      <div class="panel-head">
        <h2 id="log-title">Log</h2>
        <p class="dim">one order for all; {props.live.facts.status?.sequence ?? 0} delivered here</p>
        <label class="filter">
          shows{' '}
          <select value={props.log.wanted()} onChange={(event) => props.log.want(event.currentTarget.value)}>
            <For each={[SAID, ALL, ...props.log.topics()]}>
              {(name) => <option value={name}>{name}</option>}
            </For>
          </select>
        </label>
      </div>
      <Lines log={props.log} shown={props.log.lines()} />
      <Composer log={props.log} topics={said()} self={props.live.facts.status?.id ?? '?'} />
    </section>
  );
}

interface LinesProps {
  readonly log: MessageLog;
  readonly shown: readonly Delivery[];
}

/** Keeps the newest line in view, or counts the lines that came while somebody reads further up. */
function createReading(props: LinesProps) {
  const [unread, setUnread] = createSignal(0);
  const keeper = createEndKeeper();
  const newest = createMemo(() => props.shown.at(-1)?.sequence ?? 0);
  const countUnread = (before: number) =>
    setUnread((count) => count + props.shown.filter(({ sequence }) => sequence > before).length);
  createEffect(
    on([newest, () => props.log.pending().length], (_, before) => {
      if (keeper.isAtEnd()) {
        props.log.trim();
        queueMicrotask(keeper.toEnd);
      } else countUnread(before?.[0] ?? newest());
    }),
  );
  const scrolled = () => {
    keeper.scrolled();
    if (keeper.isAtEnd()) setUnread(0);
  };
  return { unread, keeper, scrolled };
}

function Lines(props: LinesProps) {
  const { unread, keeper, scrolled } = createReading(props);
  return (
    <div class="log-body">
      <div
        class="scroll"
        ref={keeper.element}
        onScroll={scrolled}
        tabindex="0"
        role="log"
        aria-live="off"
        aria-label="Delivered messages"
      >
        <Show when={props.log.hasEarlier()}>
          <button type="button" class="quiet" onClick={() => keeper.keepPlace(props.log.showEarlier)}>
            earlier messages
          </button>
        </Show>
        <ol class="lines">
          <For each={props.shown} fallback={<Nothing />}>
            {(line) => <Line line={line} />}
          </For>
          <For each={props.log.pending().filter((one) => one.trouble === '')}>
            {(one) => <Waiting one={one} />}
          </For>
        </ol>
      </div>
      <Show when={unread() > 0}>
        <button type="button" class="unread" onClick={keeper.toEnd}>
          ↓ {unread()} new
        </button>
      </Show>
    </div>
  );
}

function Nothing() {
  return <li class="empty">Nothing here yet. What any peer sends gets the next number and shows here.</li>;
}

/** Sent from this page, without a number so far. */
function Waiting(props: { readonly one: Pending }) {
  return (
    <li class="pending">
      <span class="number">…</span>
      <span class="topic">{props.one.topic}</span>
      <span class="said">{props.one.text}</span>
      <span class="time">no number yet</span>
    </li>
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

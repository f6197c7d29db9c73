/** @jsxImportSource solid-js */
/** Trading: the form that offers, the offers that wait, and what became of those before them. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { type Feed, POLICY_WORDS } from './panel-feed.js';
import { type Line, type Shown, words } from './panel-model.js';

const POLICIES = ['accept', 'refuse', 'ask'] as const;

export function OfferForm(props: { readonly feed: Feed }) {
  const [kind, setKind] = createSignal<'sell' | 'buy'>('sell');
  const [other, setOther] = createSignal('');
  const [amount, setAmount] = createSignal('');
  const others = createMemo(
    () => props.feed.shown.holders.filter(({ isSelf }) => !isSelf).map(({ id }) => id),
    [],
    {
      equals: (a, b) => a.join(' ') === b.join(' '),
    },
  );
  const chosen = () => (others().includes(other()) ? other() : (others()[0] ?? ''));
  const isReady = () => amount().trim() !== '' && chosen() !== '' && !props.feed.isBusy();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!isReady()) return;
    // What is an amount is for the log to say; only what is no number at all cannot be sent there.
    const credits = Number(amount());
    if (
      await props.feed.offer({ kind: kind(), with: chosen(), amount: Number.isFinite(credits) ? credits : 0 })
    )
      setAmount('');
  };
  return (
    <form class="energy-form" onSubmit={submit}>
      <h3>Trade as peer {props.feed.shown.self}</h3>
      <div class="energy-fields">
        <fieldset>
          <legend class="unseen">sell or buy</legend>
          <For each={['sell', 'buy'] as const}>
            {(one) => (
              <button type="button" aria-pressed={kind() === one} onClick={() => setKind(one)}>
                {one}
              </button>
            )}
          </For>
        </fieldset>
        <label>
          <span class="unseen">amount</span>
          <input
            class="energy-amount"
            inputmode="numeric"
            autocomplete="off"
            placeholder="30"
            value={amount()}
            onInput={(event) => setAmount(event.currentTarget.value)}
          />
        </label>
        <label>
          <span>credits {kind() === 'sell' ? 'to' : 'from'}</span>{' '}
          <select
            aria-label="peer"
            value={chosen()}
            onChange={(event) => setOther(event.currentTarget.value)}
          >
            <For each={others()}>{(id) => <option value={id}>{id}</option>}</For>
          </select>
        </label>
        <button type="submit" disabled={!isReady()}>
          Offer
        </button>
      </div>
      <p class="energy-word" role="status">
        <Show when={props.feed.word()}>
          {(word) => (
            <>
              <span class={word().isBad ? 'fault' : 'energy-good'}>{word().isBad ? '✕' : '✓'}</span>{' '}
              {word().text}
            </>
          )}
        </Show>
      </p>
    </form>
  );
}

/** The offers that wait for an answer, and how this peer answers. */
export function Offers(props: { readonly feed: Feed }) {
  const { shown } = props.feed;
  return (
    <div class="energy-offers">
      <h3>Offers that wait for an answer</h3>
      <p class="energy-policy">
        <span class="dim">To offers made to it this peer says:</span>{' '}
        <For each={POLICIES}>
          {(policy) => (
            <button
              type="button"
              aria-pressed={shown.policy === policy}
              title={POLICY_WORDS[policy]}
              onClick={() => props.feed.adopt(policy)}
            >
              {policy}
            </button>
          )}
        </For>
      </p>
      <ul>
        <For each={shown.waiting} fallback={<li class="dim">None.</li>}>
          {(line) => <Waiting line={line} feed={props.feed} />}
        </For>
      </ul>
    </div>
  );
}

function Waiting(props: { readonly line: Line; readonly feed: Feed }) {
  const leftMs = () => Math.max(0, props.line.until - props.feed.shown.now);
  return (
    <li class="energy-offer" classList={{ due: props.line.isToAnswer }}>
      <p>
        <span class="number">#{props.line.id}</span> {words(props.line)}
      </p>
      <Show when={props.line.isToAnswer} fallback={<span class="dim">{props.line.with} is to answer</span>}>
        <span class="energy-answers">
          <button
            type="button"
            disabled={props.feed.isBusy()}
            onClick={() => props.feed.answer(props.line.id, true)}
          >
            Accept
          </button>
          <button
            type="button"
            class="quiet"
            disabled={props.feed.isBusy()}
            onClick={() => props.feed.answer(props.line.id, false)}
          >
            Refuse
          </button>
        </span>
      </Show>
      <span class="energy-left">
        <meter min="0" max={props.line.ofMs} value={leftMs()} aria-label="time left" />
        <span class="dim">{Math.ceil(leftMs() / 1000)} s</span>
      </span>
    </li>
  );
}

const SIGNS: Readonly<Record<Line['state'], string>> = {
  pending: '…',
  settled: '✓',
  refused: '✕',
  expired: '◷',
};

/** What became of the offers: settled, or why not. */
export function Past(props: { readonly shown: Shown }) {
  const [isOwnOnly, setOwnOnly] = createSignal(false);
  const lines = () => (isOwnOnly() ? props.shown.over.filter(({ isOwn }) => isOwn) : props.shown.over);
  return (
    <div class="energy-past">
      <h3>
        What became of them{' '}
        <For each={[false, true]}>
          {(own) => (
            <button type="button" aria-pressed={isOwnOnly() === own} onClick={() => setOwnOnly(own)}>
              {own ? 'this peer’s' : 'all'}
            </button>
          )}
        </For>
      </h3>
      <ol class="energy-lines scroll" tabindex="0" aria-label="Concluded trades, newest first">
        <For each={lines()} fallback={<li class="dim">Nothing has been concluded yet.</li>}>
          {(line) => (
            <li class={`energy-line energy-${line.state}`}>
              <span class="number">#{line.id}</span>
              <span>
                {words(line)}
                <Show when={line.reason}>{(reason) => <span class="energy-reason">{reason()}</span>}</Show>
              </span>
              <span class="energy-state">
                {SIGNS[line.state]} {line.state}
              </span>
              <time class="dim" dateTime={new Date(line.at).toISOString()}>
                {clock.format(line.at)}
              </time>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

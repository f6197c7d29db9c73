/** @jsxImportSource solid-js */
/** The auctions: who bids in which round, in envelopes that open when the round takes no more bids. */
import { createResource, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import { Glyph } from '../page/glyph.jsx';
import { read, readStatus } from '../page/requests.js';
import {
  type AuctionsAnswer,
  type Card,
  cardOf,
  describe,
  type Envelope,
  outcomeWords,
  type ShownOutcome,
} from './panel-model.js';
import './panel.css';

const LOOK_EVERY_MS = 1000;

interface Seen {
  readonly isKnown: boolean;
  readonly running: readonly Card[];
  /** The latest first. */
  readonly over: readonly Card[];
  readonly outcomes: readonly ShownOutcome[];
}

/** Asks the peer once a second, for as long as it is shown. */
function createSeen() {
  const [seen, setSeen] = createStore<Seen>({ isKnown: false, running: [], over: [], outcomes: [] });
  const [now, setNow] = createSignal(0);
  onMount(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      const answer = await read<AuctionsAnswer>('v1/auctions');
      if (answer !== null) {
        const { running, over, outcomes } = answer;
        const cards = { running: running.map(cardOf), over: over.map(cardOf).reverse() };
        setSeen(reconcile({ isKnown: true, ...cards, outcomes: [...outcomes].reverse() }));
        setNow(answer.now);
      }
      if (!isOver) timer = setTimeout(look, LOOK_EVERY_MS);
    };
    void look();
    onCleanup(() => {
      isOver = true;
      clearTimeout(timer);
    });
  });
  return { seen, now };
}

export function AuctionPanel() {
  const { seen, now } = createSeen();
  const overCount = () => seen.over.length + seen.outcomes.length;
  return (
    <section class="panel system auctions" aria-labelledby="auctions-title">
      <div class="panel-head">
        <h2 id="auctions-title">Auctions</h2>
        <p class="dim">
          <Show when={seen.isKnown} fallback="asking the peer …">
            {seen.running.length} running, {overCount()} over; what is in an envelope only its bidder knows
            until its round takes no more bids
          </Show>
        </p>
      </div>
      <div class="scroll" tabindex="0">
        <Show when={seen.isKnown && seen.running.length + overCount() === 0}>
          <Invitation />
        </Show>
        <div class="auction-cards">
          <For each={seen.running}>{(card) => <AuctionCard card={card} now={now()} />}</For>
        </div>
        <For each={seen.over}>{(card) => <Over card={card} />}</For>
        <For each={seen.outcomes}>
          {(outcome) => (
            <p class="auction-outcome dim">
              #{outcome.id} {outcome.item}: {outcomeWords(outcome)}
            </p>
          )}
        </For>
      </div>
    </section>
  );
}

function Invitation() {
  const [status] = createResource(readStatus);
  const seed = () => {
    const known = status();
    return known?.view.members.find(({ id }) => id === known.id)?.address ?? 'HOST:PORT';
  };
  return (
    <p class="empty">
      No auction yet. Take part with <code>bullpen auction client --name ann --seed {seed()}</code> and offer
      something: <code>create "a red bike" 100 2 2</code>
    </p>
  );
}

function AuctionCard(props: { readonly card: Card; readonly now: number }) {
  return (
    <article
      class={`auction-card auction-${props.card.phase}`}
      aria-label={`auction ${props.card.id}, ${props.card.item}`}
    >
      <header>
        <h3>
          <span class="dim">#{props.card.id}</span> {props.card.item}
        </h3>
        <p class="auction-words">{props.card.words}</p>
        <Countdown card={props.card} now={props.now} />
        <p class="dim auction-terms">
          offered by {props.card.auctioneer}, minimum bid {props.card.minBid}
        </p>
      </header>
      <Bids card={props.card} />
    </article>
  );
}

function Countdown(props: { readonly card: Card; readonly now: number }) {
  const leftMs = () => Math.max(0, (props.card.due?.at ?? 0) - props.now);
  return (
    <Show when={props.card.due}>
      {(due) => (
        <p class="auction-due">
          <meter min="0" max={due().ofMs} value={leftMs()} aria-label="time left" />
          <span class="dim">{Math.ceil(leftMs() / 1000)} s</span>
        </p>
      )}
    </Show>
  );
}

/** A line per bidder, an envelope per round. */
function Bids(props: { readonly card: Card }) {
  return (
    <Show when={props.card.rows.length > 0}>
      <div class="auction-bids">
        <table>
          <thead>
            <tr>
              <th scope="col">bidder</th>
              <For each={Array.from({ length: props.card.rounds }, (_, round) => round + 1)}>
                {(round) => <th scope="col">round {round}</th>}
              </For>
              <th scope="col">total</th>
            </tr>
          </thead>
          <tbody>
            <For each={props.card.rows}>
              {(row) => (
                <tr classList={{ won: row.isWinner }}>
                  <th scope="row">
                    <Show when={row.isWinner}>
                      <span class="leads">
                        <Glyph kind="coordinator" /> <span class="unseen">won: </span>
                      </span>
                    </Show>
                    {row.id}
                  </th>
                  <For each={row.envelopes}>
                    {(envelope) => (
                      <td>
                        <EnvelopeMark envelope={envelope} />
                      </td>
                    )}
                  </For>
                  <td class="auction-total">{row.total}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </div>
    </Show>
  );
}

/** The flap opens, and the letter comes out, when it goes from sealed to open. */
function EnvelopeMark(props: { readonly envelope: Envelope }) {
  return (
    <span class={`envelope envelope-${props.envelope.look}`}>
      <svg viewBox="0 0 44 40" width="44" height="40" aria-hidden="true">
        <rect class="envelope-letter" x="7" y="13" width="30" height="20" rx="1.5" />
        <path class="envelope-back" d="M3 14h38v23a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" />
        <path class="envelope-folds" d="M4 38l14-11M40 38L26 27" />
        <path class="envelope-flap" d="M3 14h38L22 29z" />
        <circle class="envelope-wax" cx="22" cy="26" r="4" />
      </svg>
      <span class="envelope-words">{describe(props.envelope)}</span>
    </span>
  );
}

function Over(props: { readonly card: Card }) {
  return (
    <details class="auction-over">
      <summary>
        <span class="dim">#{props.card.id}</span> {props.card.item}: <b>{props.card.words}</b>
      </summary>
      <Bids card={props.card} />
    </details>
  );
}

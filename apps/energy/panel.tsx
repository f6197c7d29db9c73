/** @jsxImportSource solid-js */
/** The energy market: who holds how much of a sum that never changes, and what is traded. */
import { For, Show } from 'solid-js';
import { Glyph } from '../page/glyph.jsx';
import { createFeed } from './panel-feed.js';
import { type Holder, type Shown, sumWords } from './panel-model.js';
import { OfferForm, Offers, Past } from './panel-trades.jsx';
import './panel.css';

/** Hues there are; further peers begin again, told apart by their names. */
const HUES = 6;

export function EnergyPanel() {
  const feed = createFeed();
  const { shown } = feed;
  return (
    <section class="panel system energy" aria-labelledby="energy-title">
      <div class="panel-head">
        <h2 id="energy-title">Energy</h2>
        <Show when={shown.isKnown} fallback={<p class="dim">asking the peer …</p>}>
          <p class={shown.sum === shown.due ? 'energy-sum' : 'energy-sum fault'}>
            <b>Σ</b> {sumWords(shown)}
          </p>
          <p class="dim">{shown.settled.toLocaleString('en')} trades settled, each as one entry of the log</p>
        </Show>
      </div>
      <Show when={shown.isKnown}>
        <div class="energy-bar-space">
          <SumBar shown={shown} />
        </div>
        <div class="energy-parts">
          <div class="energy-part">
            <Accounts holders={shown.holders} each={shown.each} />
            <Clock shown={shown} />
          </div>
          <div class="energy-part">
            <OfferForm feed={feed} />
            <Offers feed={feed} />
          </div>
          <Past shown={shown} />
        </div>
      </Show>
    </section>
  );
}

/** Always as long: credits move in it from one to another. */
function SumBar(props: { readonly shown: Shown }) {
  const words = () => props.shown.holders.map(({ id, balance }) => `${id} has ${balance}`).join(', ');
  return (
    <div class="energy-bar" role="img" aria-label={`of ${props.shown.sum} credits ${words()}`}>
      <For each={props.shown.holders}>
        {(holder) => (
          <span
            class={`energy-share hue-${holder.place % HUES}`}
            classList={{ none: holder.balance === 0, self: holder.isSelf }}
            style={{ 'flex-grow': holder.balance }}
            title={`${holder.id} has ${holder.balance} credits`}
          >
            <b>{holder.id}</b> {holder.balance}
          </span>
        )}
      </For>
    </div>
  );
}

function Accounts(props: { readonly holders: readonly Holder[]; readonly each: number }) {
  return (
    <Show when={props.holders.length > 0} fallback={<p class="empty">No account is open yet.</p>}>
      <table class="energy-table energy-accounts">
        <thead>
          <tr>
            <th scope="col">peer</th>
            <th scope="col">balance</th>
            <th scope="col" title={`balance = ${props.each} + bought − sold`}>
              bought
            </th>
            <th scope="col">sold</th>
            <th scope="col">trades</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.holders}>
            {(holder) => (
              <tr classList={{ away: holder.presence !== 'active' }}>
                <th scope="row">
                  <span class={`energy-swatch hue-${holder.place % HUES}`} aria-hidden="true" />
                  {holder.id} <Marks holder={holder} />
                </th>
                <td class="energy-balance">{holder.balance}</td>
                <td>{holder.bought}</td>
                <td>{holder.sold}</td>
                <td>{holder.trades}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </Show>
  );
}

function Marks(props: { readonly holder: Holder }) {
  return (
    <span class="energy-marks">
      <Show when={props.holder.isSelf}>
        <span class="dim">this peer</span>
      </Show>
      <Show when={props.holder.isCoordinator}>
        <span class="leads" title="coordinator">
          <Glyph kind="coordinator" /> leads
        </span>
      </Show>
      <Show when={props.holder.presence !== 'active'}>
        <span class="fault">{props.holder.presence}</span>
      </Show>
    </span>
  );
}

/** The channel by which peers ask and answer, in the order of cause and effect. */
function Clock(props: { readonly shown: Shown }) {
  return (
    <dl class="energy-clock">
      <div>
        <dt title="messages of the causal channel that were delivered here, of each peer">vector clock</dt>
        <dd>
          <For each={props.shown.clock} fallback={<span class="dim">nothing yet</span>}>
            {({ id, count }) => (
              <span class="energy-tick">
                <b>{id}</b> {count}
              </span>
            )}
          </For>
        </dd>
      </div>
      <div>
        <dt title="messages that arrived before one that their sender had seen">held back</dt>
        <dd>
          <For each={props.shown.heldBack} fallback={<span class="dim">nothing</span>}>
            {({ id, count }) => (
              <span class="energy-tick fault">
                message {count} of {id}
              </span>
            )}
          </For>
        </dd>
      </div>
    </dl>
  );
}

/** @jsxImportSource solid-js */
/** What can be done to a peer or a message, beside it. Only where something may be done at all. */
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import type { MenuTarget, Stage } from '../stage.js';
import { labelOf } from './kinds.js';
import { messageOffers, type Offer, peerOffers, withMs } from './offers.js';
import './menus.css';

const MS_MOST = 60_000;

/** Shows the menu of `stage.menu()`, wherever it was asked for. Mount it once. */
export function Menus(props: { readonly stage: Stage }) {
  const { stage } = props;
  const target = () => (stage.act === undefined ? null : stage.menu());
  return (
    <Show when={target()} keyed>
      {(at) => (
        <Portal>
          <Menu stage={stage} target={at} />
        </Portal>
      )}
    </Show>
  );
}

function Menu(props: { readonly stage: Stage; readonly target: MenuTarget }) {
  const { stage, target } = props;
  const before = document.activeElement;
  const [asking, setAsking] = createSignal<Offer | null>(null);
  const offers = createMemo(() => offersOf(stage, target));
  let list: HTMLDivElement | undefined;

  const close = () => {
    stage.openMenu(null);
    if (before instanceof HTMLElement || before instanceof SVGElement) before.focus();
  };
  const take = (offer: Offer, ms?: number) => {
    if (offer.asksMs !== undefined && ms === undefined) {
      setAsking(offer);
      return;
    }
    const acts = offer.acts(stage.now());
    for (const act of ms === undefined ? acts : withMs(acts, ms)) stage.act?.(act);
    close();
  };
  const outside = (event: PointerEvent) => {
    if (event.target instanceof Node && list?.contains(event.target) === false) stage.openMenu(null);
  };
  document.addEventListener('pointerdown', outside, true);
  onCleanup(() => document.removeEventListener('pointerdown', outside, true));
  createEffect(() => {
    const first = asking() === null ? 'button' : 'input';
    list?.querySelector<HTMLElement>(first)?.focus();
  });
  const walk = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || list === undefined) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll('button')];
    const here = buttons.findIndex((button) => button.matches(':focus'));
    buttons[(here + step + buttons.length) % buttons.length]?.focus();
  };

  return (
    <div
      class="popover"
      role="dialog"
      aria-label={titleOf(stage, target)}
      ref={(element) => (list = element)}
      style={{
        left: `clamp(8px, ${target.x + 10}px, calc(100vw - 250px))`,
        top: `clamp(8px, ${target.y - 12}px, calc(100vh - ${Math.min(14, offers().length + 2) * 31 + 20}px))`,
      }}
      onKeyDown={walk}
    >
      <p class="popover-title">{titleOf(stage, target)}</p>
      <Show when={asking()} fallback={<Offers offers={offers()} onTake={take} />}>
        {(offer) => <AskMs offer={offer()} onTake={(ms) => take(offer(), ms)} />}
      </Show>
    </div>
  );
}

function Offers(props: { readonly offers: readonly Offer[]; readonly onTake: (offer: Offer) => void }) {
  return (
    <For each={props.offers} fallback={<p class="dim">Nothing can be done here.</p>}>
      {(offer) => (
        <button type="button" class="quiet" onClick={() => props.onTake(offer)}>
          {offer.label}
          <Show when={offer.key}>
            <kbd>{offer.key}</kbd>
          </Show>
        </button>
      )}
    </For>
  );
}

function AskMs(props: { readonly offer: Offer; readonly onTake: (ms: number) => void }) {
  const [ms, setMs] = createSignal(props.offer.asksMs ?? 0);
  const isSound = () => Number.isFinite(ms()) && ms() > 0 && ms() <= MS_MOST;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isSound()) props.onTake(ms());
      }}
    >
      <label>
        {props.offer.label.replace(/ …$/, '')}{' '}
        <input
          type="number"
          min="1"
          max={MS_MOST}
          value={ms()}
          onInput={(event) => setMs(event.currentTarget.valueAsNumber)}
        />{' '}
        ms
      </label>
      <button type="submit" disabled={!isSound()}>
        Do it
      </button>
    </form>
  );
}

function offersOf(stage: Stage, { kind, id }: MenuTarget): readonly Offer[] {
  if (kind === 'peer') return peerOffers(stage, id);
  const flight = stage.history().flight(id);
  if (flight === undefined) return [];
  return messageOffers(
    flight,
    stage.world().aloft.some((one) => one.id === id),
  );
}

function titleOf(stage: Stage, { kind, id }: MenuTarget): string {
  if (kind === 'peer') return `Process ${id}`;
  const flight = stage.history().flight(id);
  return flight === undefined ? 'Message' : `${labelOf(flight.type)} ${flight.from} → ${flight.to}`;
}

/** @jsxImportSource solid-js */
/** The scenario builder: who takes part, by which rules and timings, over which network. */
import { createEffect, createMemo, For, Show } from 'solid-js';
import { createStore, reconcile, unwrap } from 'solid-js/store';
import type { Run } from './run.js';
import { type Choices, choicesOf, differenceInWords, PEERS_MAX, SEED_MAX, withChoices } from './scenario.js';
import { judged, lossesBorne, outageMs, type TimingKey } from './stability.js';

const TIMINGS: readonly { readonly key: TimingKey; readonly name: string }[] = [
  { key: 'heartbeatIntervalMs', name: 'heartbeat every' },
  { key: 'suspectTimeoutMs', name: 'suspect after' },
  { key: 'verifyTimeoutMs', name: 'ask the others for' },
  { key: 'answerTimeoutMs', name: 'wait for OK' },
  { key: 'coordinatorTimeoutMs', name: 'wait for COORDINATOR' },
  { key: 'stickinessMs', name: 'promise nobody for' },
];
const MS_MAX = 60_000;

/** The choices while they are being made. */
type Draft = Changeable<Choices>;
type Changeable<Of> = { -readonly [Key in keyof Of]: Of[Key] extends object ? Changeable<Of[Key]> : Of[Key] };

export function Builder(props: { readonly run: Run }) {
  const current = createMemo(() => choicesOf(props.run.script()));
  const [draft, setDraft] = createStore<Draft>(structuredClone(current()));
  createEffect(() => setDraft(reconcile(structuredClone(current()))));
  const judgements = createMemo(() => judged(draft.timings, draft.ways));
  const difference = () => differenceInWords(current(), draft);
  const isRefused = () =>
    judgements().some(({ weight }) => weight === 'refused') ||
    draft.ways.from > draft.ways.to ||
    (draft.takeover === 'immediate' && draft.mode !== 'classic');
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    if (difference() === '' || isRefused()) return;
    props.run.vary(withChoices(props.run.script(), structuredClone(unwrap(draft))), difference());
  };

  return (
    <form class="builder" onSubmit={apply}>
      <fieldset>
        <legend>Cluster</legend>
        <NumberField
          name="peers"
          value={draft.peers}
          least={1}
          most={PEERS_MAX}
          onChange={(peers) => setDraft({ peers })}
        />
        <NumberField
          name="seed"
          value={draft.seed}
          least={0}
          most={SEED_MAX}
          onChange={(seed) => setDraft({ seed })}
        />
        <Select
          name="mode"
          value={draft.mode}
          options={{ safe: 'safe: quorum', classic: 'classic: textbook' }}
          onChange={(mode) => setDraft({ mode, takeover: takeoverIn(mode, draft.takeover) })}
        />
        <Select
          name="who comes back, if higher"
          value={draft.takeover}
          options={{
            afterSync: 'leads when ready',
            never: 'waits',
            immediate: 'bullies at once',
          }}
          onChange={(takeover) => setDraft({ takeover })}
        />
      </fieldset>
      <fieldset>
        <legend>Timings, ms</legend>
        <For each={TIMINGS}>
          {({ key, name }) => (
            <NumberField
              name={name}
              value={draft.timings[key]}
              least={1}
              most={MS_MAX}
              isWrong={judgements().some(({ of, weight }) => of === key && weight === 'refused')}
              onChange={(value) => setDraft('timings', key, value)}
            />
          )}
        </For>
      </fieldset>
      <fieldset>
        <legend>Network</legend>
        <NumberField
          name="latency from, ms"
          value={draft.ways.from}
          least={0}
          most={MS_MAX}
          isWrong={draft.ways.from > draft.ways.to}
          onChange={(from) => setDraft('ways', 'from', from)}
        />
        <NumberField
          name="latency to, ms"
          value={draft.ways.to}
          least={0}
          most={MS_MAX}
          isWrong={draft.ways.from > draft.ways.to}
          onChange={(to) => setDraft('ways', 'to', to)}
        />
        <NumberField
          name="lost, %"
          value={draft.lossPercent}
          least={0}
          most={100}
          step={0.1}
          onChange={(lossPercent) => setDraft({ lossPercent })}
        />
      </fieldset>
      <Formula draft={draft} />
      <ul class="judgements" aria-live="polite">
        <For each={judgements()}>
          {({ of, weight, words }) => (
            <li class={weight}>
              {weight === 'refused' ? '✕' : '△'} <b>{TIMINGS.find(({ key }) => key === of)?.name}</b> {words}
            </li>
          )}
        </For>
        <Show when={draft.takeover === 'immediate' && draft.mode !== 'classic'}>
          <li class="refused">✕ to bully at once is for mode classic only: it loses messages</li>
        </Show>
      </ul>
      <button type="submit" disabled={difference() === '' || isRefused()}>
        Play it so
      </button>
      <p class="dim">{difference() === '' ? 'As it is played now.' : `A new branch: ${difference()}.`}</p>
    </form>
  );
}

const takeoverIn = (mode: Choices['mode'], takeover: Choices['takeover']): Choices['takeover'] =>
  mode === 'safe' && takeover === 'immediate' ? 'afterSync' : takeover;

/** The stability formula with these numbers in it. */
function Formula(props: { readonly draft: Choices }) {
  const borne = () => lossesBorne(props.draft.timings, props.draft.ways);
  const swing = () => props.draft.ways.to - props.draft.ways.from;
  return (
    <p class="formula">
      suspect {props.draft.timings.suspectTimeoutMs} &gt; k × {props.draft.timings.heartbeatIntervalMs} +{' '}
      {swing()} (latency’s swing):{' '}
      <b>
        {borne() < 0
          ? 'a peer is suspected without any loss'
          : `${borne()} lost heartbeat${borne() === 1 ? '' : 's'} in a row are borne`}
      </b>
      ; a dead leader is replaced within about {outageMs(props.draft.timings, props.draft.ways)} ms.
    </p>
  );
}

interface NumberProps {
  readonly name: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  readonly isWrong?: boolean;
  readonly onChange: (value: number) => void;
}

/** Holds what is typed within its bounds. */
export function NumberField(props: NumberProps) {
  const take = (text: string) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return;
    const step = props.step ?? 1;
    const rounded = Math.round(Math.round(value / step) * step * 1000) / 1000;
    props.onChange(Math.min(props.most, Math.max(props.least, rounded)));
  };
  return (
    <label class="field">
      <span>{props.name}</span>
      <input
        type="number"
        inputmode="decimal"
        min={props.least}
        max={props.most}
        step={props.step ?? 1}
        value={props.value}
        aria-invalid={props.isWrong === true}
        onChange={({ currentTarget }) => {
          take(currentTarget.value);
          currentTarget.value = String(props.value);
        }}
      />
    </label>
  );
}

interface SelectProps<Value extends string> {
  readonly name: string;
  readonly value: Value;
  readonly options: Readonly<Record<Value, string>>;
  readonly onChange: (value: Value) => void;
}

function Select<Value extends string>(props: SelectProps<Value>) {
  const values = () => Object.keys(props.options) as Value[];
  return (
    <label class="field">
      <span>{props.name}</span>
      <select
        value={props.value}
        onChange={({ currentTarget }) => {
          const chosen = values().find((value) => value === currentTarget.value);
          if (chosen !== undefined) props.onChange(chosen);
        }}
      >
        <For each={values()}>
          {(value) => (
            <option value={value} selected={value === props.value}>
              {props.options[value]}
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

/** @jsxImportSource solid-js */
/** What can be done to a peer that was started with `--allow-faults`, and what is being done to any of them now. */
import { createMemo, createSignal, Index, onCleanup, Show } from 'solid-js';
import type { Harm, LastingFault, Source, Sources } from './live-sources.js';
import { useShell } from './shell.js';

const TICK_MS = 250;
const PAUSE_MS = 3000;
const CUT_MS = 5000;

/** Faults that last, of all peers that are followed. */
export interface Alarm {
  lasting(): readonly LastingFault[];
  /** Of one peer. */
  lastingAt(source: Source): readonly LastingFault[];
  /** How long one lasts yet, in whole seconds. */
  secondsLeft(fault: LastingFault): number;
}

/** A peer that is stopped cannot tell that it goes on, so the end of a fault is known by the clock. */
export function createAlarm(sources: Sources): Alarm {
  const [now, setNow] = createSignal(performance.now());
  const timer = setInterval(() => {
    if (sources.sources.some(({ faults }) => faults !== null && faults.length > 0)) setNow(performance.now());
  }, TICK_MS);
  onCleanup(() => clearInterval(timer));
  const lastingAt = ({ faults }: Source) => (faults ?? []).filter(({ until }) => until > now());
  return {
    lasting: createMemo(() => sources.sources.flatMap(lastingAt)),
    lastingAt,
    secondsLeft: ({ until }) => Math.max(1, Math.ceil((until - now()) / 1000)),
  };
}

/** What lasts, one line each. Said once to those who listen; the seconds only pass for those who look. */
export function FaultLines(props: { readonly alarm: Alarm }) {
  const said = createMemo(() =>
    props.alarm
      .lasting()
      .map(({ words }) => words)
      .join('; '),
  );
  return (
    <>
      <p class="unseen" role="status">
        {said()}
      </p>
      <div class="fault-lines">
        <Index each={props.alarm.lasting()}>
          {(fault) => (
            <p>
              ⚡ <b>{fault().words}</b>, {props.alarm.secondsLeft(fault())} s more
            </p>
          )}
        </Index>
      </div>
    </>
  );
}

interface FaultButtonsProps {
  readonly source: Source;
  readonly sources: Sources;
  readonly alarm: Alarm;
}

export function FaultButtons(props: FaultButtonsProps) {
  const shell = useShell();
  const [isSure, setSure] = createSignal(false);
  const name = () => props.source.id ?? '?';
  const others = () =>
    props.sources
      .members()
      .map(({ id }) => id)
      .filter((id) => id !== props.source.id);
  const has = (kind: LastingFault['kind']) =>
    props.alarm.lastingAt(props.source).some((fault) => fault.kind === kind);
  const canAct = () => props.source.state === 'live' && !has('pause');
  const harm = async (what: Harm) => {
    const problem = await props.sources.harm(props.source, what);
    if (problem !== null) shell.say(problem);
  };
  const crash = () => {
    if (isSure()) void harm({ kind: 'crash' });
    setSure(!isSure());
  };
  return (
    <fieldset class="fault-buttons" aria-label={`Faults of ${name()}`}>
      <button type="button" class="quiet" disabled={!canAct()} onClick={crash}>
        {isSure() ? `Really kill the process of ${name()}` : 'Crash'}
      </button>
      <Show when={isSure()}>
        <button type="button" class="quiet" onClick={() => setSure(false)}>
          Keep it
        </button>
      </Show>
      <button
        type="button"
        class="quiet"
        disabled={!canAct()}
        onClick={() => void harm({ kind: 'pause', forMs: PAUSE_MS })}
      >
        Pause 3 s
      </button>
      <button
        type="button"
        class="quiet"
        disabled={!canAct() || others().length === 0}
        onClick={() => void harm({ kind: 'cut', peers: others(), direction: 'both', forMs: CUT_MS })}
      >
        Cut off 5 s
      </button>
      <button
        type="button"
        class="quiet"
        disabled={!canAct() || !has('cut')}
        onClick={() => void harm({ kind: 'heal' })}
      >
        Heal
      </button>
    </fieldset>
  );
}

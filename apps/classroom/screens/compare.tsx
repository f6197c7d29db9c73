/** @jsxImportSource solid-js */
/** Two branches, one above the other, aligned in time, with the first event in which they differ marked. */
import { createEffect, createMemo, on, Show } from 'solid-js';
import type { TraceEvent } from '../contract.js';
import { SpaceTime, timeInWords } from '../panes/index.js';
import { type Divergence, divergenceOf } from './divergence.js';
import { labelOf } from './labels.js';
import { createRun, type Run } from './run.js';

interface CompareProps {
  readonly run: Run;
  /** The id of the branch that is compared with the current one. */
  readonly branch: string;
  readonly onClose: () => void;
}

export function Compare(props: CompareProps) {
  const branch = () => props.run.branches().find(({ id }) => id === props.branch);
  return (
    <Show when={branch()} fallback={<SpaceTime stage={props.run.stage} />}>
      {(other) => (
        <Pair run={props.run} script={other().script} name={other().name} onClose={props.onClose} />
      )}
    </Show>
  );
}

interface PairProps {
  readonly run: Run;
  readonly script: ReturnType<Run['script']>;
  readonly name: string;
  readonly onClose: () => void;
}

function Pair(props: PairProps) {
  const stage = props.run.stage;
  const other = createRun(props.script);
  createEffect(
    on(
      () => props.script,
      (script) => other.load(script, { untilMs: props.run.untilMs() }),
    ),
  );
  createEffect(() => void other.playTo(stage.history().endMs));
  // One playhead for both.
  createEffect(() => other.stage.seek(Math.min(stage.time(), other.stage.history().endMs)));
  const parting = createMemo(() => divergenceOf(stage.history(), other.stage.history()));
  return (
    <div class="compare">
      <p class="parting" role="status">
        <Show when={parting()} fallback="As far as both are played, they are the same.">
          {(found) => (
            <>
              They part at{' '}
              <button type="button" class="quiet" onClick={() => stage.seek(found().t)}>
                {timeInWords(found().t)}
              </button>{' '}
              <b>{props.run.current().name}</b>: {eventInWords(found().one)}; <b>{props.name}</b>:{' '}
              {eventInWords(found().other)}.
            </>
          )}
        </Show>
        <button type="button" class="quiet" onClick={() => props.onClose()}>
          End comparing
        </button>
      </p>
      <SpaceTime stage={stage} name={props.run.current().name} {...markOf(parting())} />
      <SpaceTime stage={other.stage} name={props.name} {...markOf(parting())} />
    </div>
  );
}

const markOf = (parting: Divergence | null) => (parting === null ? {} : { marked: parting.t });

function eventInWords(event: TraceEvent | undefined): string {
  if (event === undefined) return 'nothing more';
  const { k, p, ev = '', to, fr, a, st = '', was = '', words } = event;
  switch (k) {
    case 'send':
      return `${p} says ${labelOf(ev)} to ${to}`;
    case 'receive':
      return `${p} hears ${labelOf(ev)} from ${fr}`;
    case 'lost':
      return `${labelOf(ev)} from ${fr} to ${to} is lost`;
    case 'fault':
      return words ?? ev;
    case 'transition':
      return `${p}’s ${a} goes from ${was} to ${st}`;
    default:
      return `${p === '' ? 'the cluster' : p}: ${k}`;
  }
}

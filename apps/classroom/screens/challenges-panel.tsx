/** @jsxImportSource solid-js */
/** Challenges of the sandbox: a task, a cluster to begin with, and a check that runs by itself against the trace. */
import { createEffect, createResource, createSignal, For, onCleanup, Show, untrack } from 'solid-js';
import type { TraceEvent } from '../contract.js';
import { type Attempt, type Challenge, loadChallenges, readingOf } from '../lessons/index.js';
import { textOf } from '../lessons/texts.js';
import { MessageLog } from '../panes/index.js';
import { Marked } from './marked.jsx';
import { note, progressOf } from './progress.js';
import { createRun, type Run } from './run.js';

/** Challenges are kept beside the lessons, under this name. */
const KEPT_AS = 'challenges';
const CHECK_AFTER_MS = 200;

/** Which challenge is being tried; outlives the panel, which is closed and opened again. */
const [current, setCurrent] = createSignal<Challenge | null>(null);

export function Challenges(props: { readonly run: Run }) {
  const [challenges] = createResource(loadChallenges);
  const begin = (challenge: Challenge) => {
    setCurrent(challenge);
    const { script, fromMs, untilMs } = challenge.start;
    props.run.load(script, { atMs: fromMs, untilMs });
  };
  return (
    <ul class="challenges">
      <For each={challenges() ?? []} fallback={<li class="empty">One moment …</li>}>
        {(challenge) => (
          <li classList={{ chosen: current() === challenge }}>
            <h3>
              {isDone(challenge.id) ? '✓ ' : ''}
              {textOf(challenge.title)}
            </h3>
            <Show
              when={current() === challenge}
              fallback={
                <button type="button" class="quiet" onClick={() => begin(challenge)}>
                  Try it
                </button>
              }
            >
              <Trial run={props.run} challenge={challenge} onAnew={() => begin(challenge)} />
            </Show>
          </li>
        )}
      </For>
    </ul>
  );
}

const isDone = (id: string): boolean => progressOf(KEPT_AS).goals.includes(id);

interface TrialProps {
  readonly run: Run;
  readonly challenge: Challenge;
  readonly onAnew: () => void;
}

function Trial(props: TrialProps) {
  const { run, challenge } = props;
  const [hints, setHints] = createSignal(0);
  const standing = createStanding(run, challenge);
  return (
    <>
      <p>
        <Marked text={textOf(challenge.text)} />
      </p>
      <p role="status">
        <Show when={standing().isReached} fallback={<span class="dim">Not done yet.</span>}>
          <b class="good">✓ Done.</b>
        </Show>
        <Show when={standing().score !== null}> {Math.round(standing().score ?? 0)}</Show>
      </p>
      <Show when={challenge.shown} keyed>
        {(shown) => <ShownLog script={shown.script} untilMs={shown.untilMs} />}
      </Show>
      <ol class="hints">
        <For each={challenge.hints.slice(0, hints())}>{(hint) => <li>{textOf(hint)}</li>}</For>
      </ol>
      <div class="buttons">
        <button type="button" class="quiet" onClick={() => props.onAnew()}>
          Begin anew
        </button>
        <Show when={hints() < challenge.hints.length}>
          <button type="button" class="quiet" onClick={() => setHints((count) => count + 1)}>
            A hint
          </button>
        </Show>
      </div>
    </>
  );
}

interface Standing {
  readonly isReached: boolean;
  readonly score: number | null;
}

/** Asked again whenever the run has changed. */
function createStanding(run: Run, challenge: Challenge): () => Standing {
  const [standing, setStanding] = createSignal<Standing>({ isReached: false, score: null });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = () => {
    timer = undefined;
    const attempt = attemptOf(run, challenge);
    const isReached = challenge.isReached(attempt);
    setStanding({ isReached, score: challenge.score?.(attempt) ?? null });
    if (isReached && !isDone(challenge.id))
      note(KEPT_AS, { goals: [...progressOf(KEPT_AS).goals, challenge.id] });
  };
  createEffect(() => {
    run.stage.history();
    timer ??= setTimeout(() => untrack(check), CHECK_AFTER_MS);
  });
  onCleanup(() => clearTimeout(timer));
  return standing;
}

function attemptOf(run: Run, challenge: Challenge): Attempt {
  const history = run.stage.history();
  const events: TraceEvent[] = [];
  for (let index = 0; index < history.length; index += 1) {
    const event = history.at(index);
    if (event !== undefined) events.push(event);
  }
  return {
    variant: challenge.start.id,
    script: run.script(),
    reading: readingOf(events, history.endMs),
    place: history.at(run.stage.index())?.s ?? 0,
    answers: {},
  };
}

/** The log of another run, and nothing else of it. */
function ShownLog(props: { readonly script: ReturnType<Run['script']>; readonly untilMs: number }) {
  const other = createRun(props.script);
  other.load(props.script, { untilMs: props.untilMs });
  return (
    <div class="shown-log">
      <MessageLog stage={other.stage} />
    </div>
  );
}

/** @jsxImportSource solid-js */
/** A chart played by clicking: events that it may take now, what it asked for, and the way back. */
import { createMemo, createSignal, For, Show } from 'solid-js';
import { stateInWords } from './active-states.js';
import type { DrawnChart } from './chart-library.js';
import { ChartView } from './chart-view.jsx';
import { type Game, gameOf } from './play.js';
import type { Effect, Moment } from './simulation.js';

/** Steps that are kept; who plays longer cannot go back to the first. */
const STEPS_MAX = 500;

export function PlayView(props: { readonly drawn: DrawnChart }) {
  const started = start(props.drawn);
  return (
    <Show
      when={typeof started === 'string' ? null : started}
      fallback={
        <section class="panel chart-play">
          <p class="fault">This chart cannot be played: {String(started)}</p>
          <ChartView definition={props.drawn.definition} state="" />
        </section>
      }
    >
      {(ready) => <Playing drawn={props.drawn} game={ready().game} first={ready().first} />}
    </Show>
  );
}

/** In words, when the machine will not begin. */
function start({ chart, definition, shipped }: DrawnChart): { game: Game; first: Moment } | string {
  try {
    const game = gameOf(chart, definition, shipped?.messages ?? null);
    return { game, first: game.begin() };
  } catch (problem) {
    return wordsOf(problem);
  }
}

const wordsOf = (problem: unknown): string =>
  (problem instanceof Error ? problem.message : String(problem)).split('\n').slice(0, 2).join(' ');

interface PlayingProps {
  readonly drawn: DrawnChart;
  readonly game: Game;
  readonly first: Moment;
}

function Playing(props: PlayingProps) {
  const [moments, setMoments] = createSignal<readonly Moment[]>([props.first]);
  const [at, setAt] = createSignal(0);
  const [draft, setDraft] = createSignal('');
  const [problem, setProblem] = createSignal('');
  const now = () => moments()[at()] ?? props.first;
  const choices = createMemo(() => props.game.choicesAt(now()));
  const enabled = createMemo(() => new Set([...choices()].filter(([, may]) => may).map(([name]) => name)));
  const refused = () => [...choices()].filter(([, may]) => !may).map(([name]) => name);

  const give = (event: { readonly type: string }) => {
    try {
      const next = props.game.next(now(), event);
      setMoments([...moments().slice(0, at() + 1), next].slice(-STEPS_MAX));
      setAt(moments().length - 1);
      setProblem('');
    } catch (thrown) {
      setProblem(wordsOf(thrown));
    }
  };
  const choose = (choice: string) => {
    const event = props.game.eventFor(choice, now());
    setDraft(JSON.stringify(event, null, 1).replaceAll(/\n\s*/g, ' '));
    give(event);
  };
  const giveDraft = () => {
    try {
      const event: unknown = JSON.parse(draft());
      if (typeof event === 'object' && event !== null && 'type' in event && typeof event.type === 'string')
        give(event as { type: string });
      else setProblem('an event is an object with a "type"');
    } catch {
      setProblem('this is no JSON');
    }
  };
  const last = createMemo(() => {
    const before = moments()[at() - 1];
    return before === undefined
      ? null
      : { was: before.state, now: now().state, event: now().event.type, turn: at() };
  });

  return (
    <section class="panel chart-play" aria-labelledby="chart-play-title">
      <div class="panel-head">
        <h2 id="chart-play-title">{props.drawn.chart.key}</h2>
        <p class="dim">
          {props.game.isReal
            ? 'Play it: events are filled with an example, the machine’s own guards decide.'
            : 'Play it: of what is guarded you choose what lets it through.'}
        </p>
        <button type="button" class="quiet" disabled={at() === 0} onClick={() => setAt(at() - 1)}>
          Step back
        </button>
        <button type="button" class="quiet" disabled={at() === 0} onClick={() => setAt(0)}>
          Start again
        </button>
      </div>
      <ChartView
        definition={props.drawn.definition}
        state={now().state}
        last={last()}
        enabled={enabled()}
        onEvent={choose}
      />
      <div class="chart-game">
        <Show when={refused().length > 0}>
          <p class="dim">Heard, but no guard lets the example through: {refused().join(', ')}</p>
        </Show>
        <form
          class="chart-draft"
          onSubmit={(event) => {
            event.preventDefault();
            giveDraft();
          }}
        >
          <input
            type="text"
            aria-label="Event as JSON"
            placeholder='{ "type": "…" }'
            value={draft()}
            onInput={(event) => setDraft(event.currentTarget.value)}
          />
          <button type="submit" disabled={draft() === ''}>
            Give it this event
          </button>
        </form>
        <Show when={problem()}>
          <p class="fault" role="alert">
            {problem()}
          </p>
        </Show>
        <ol class="chart-steps" aria-label="Steps so far">
          <For each={moments()}>
            {(moment, place) => (
              <li aria-current={place() === at() ? 'step' : undefined}>
                <button type="button" class="quiet" onClick={() => setAt(place())}>
                  {place() === 0 ? 'start' : moment.event.type} →{' '}
                  <b>{stateInWords(moment.state) || 'no state'}</b>
                </button>
                <For each={moment.effects}>{(effect) => <EffectWords effect={effect} />}</For>
              </li>
            )}
          </For>
        </ol>
      </div>
    </section>
  );
}

const SHOWN_CHARACTERS = 120;

function EffectWords(props: { readonly effect: Effect }) {
  const params = () => {
    const text = JSON.stringify(props.effect.params) ?? '';
    return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
  };
  return (
    <span class="chart-effect-words">
      / {props.effect.type} <span class="dim">{params()}</span>
    </span>
  );
}

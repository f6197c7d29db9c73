/** @jsxImportSource solid-js */
/** Cards of the lesson column: a question, the goals, what can be turned, where it is in the code. */
import { createSignal, For, Show } from 'solid-js';
import type { CodeLink, Goal, Parameter, Question } from '../lessons/lesson.js';
import { textOf } from '../lessons/texts.js';
import type { LessonRun } from './lesson-run.js';
import { Marked } from './marked.jsx';
import { hashOf } from './routes.js';

interface QuestionProps {
  readonly run: LessonRun;
  readonly question: Question;
  /** Asked before it is seen, or after. */
  readonly kind: 'predict' | 'check';
}

/** The answer is shown once one has committed to a choice, and not before. */
export function QuestionCard(props: QuestionProps) {
  const [choice, setChoice] = createSignal<string | null>(null);
  const given = () => props.run.answers()[props.question.id];
  const isRight = () => given() === props.question.right;
  const commit = (event: SubmitEvent) => {
    event.preventDefault();
    const chosen = choice();
    if (chosen !== null) props.run.answer(props.question, chosen);
  };
  return (
    <form class="question" onSubmit={commit}>
      <fieldset disabled={given() !== undefined}>
        <legend>
          <span class="question-kind">{props.kind === 'predict' ? 'Predict' : 'Check'}</span>
          <Marked text={textOf(props.question.text)} />
        </legend>
        <For each={props.question.choices}>
          {({ id, text }) => (
            <label
              class="choice"
              classList={{
                right: given() !== undefined && id === props.question.right,
                wrong: given() === id && !isRight(),
              }}
            >
              <input
                type="radio"
                name={props.question.id}
                checked={(given() ?? choice()) === id}
                onChange={() => setChoice(id)}
              />
              <span>
                <Marked text={textOf(text)} />
              </span>
            </label>
          )}
        </For>
      </fieldset>
      <Show
        when={given() !== undefined}
        fallback={
          <button type="submit" disabled={choice() === null}>
            {props.kind === 'predict' ? 'Check and play' : 'Check'}
          </button>
        }
      >
        <p class="because" role="status">
          <b class={isRight() ? 'good' : 'fault'}>{isRight() ? '✓ Right.' : '✕ Not so.'}</b>{' '}
          <Marked text={textOf(props.question.because)} />
        </p>
      </Show>
    </form>
  );
}

/** All goals of the lesson; those of this beat with their hints. */
export function Goals(props: { readonly run: LessonRun; readonly current: readonly string[] }) {
  return (
    <Show when={props.run.lesson.goals.length > 0}>
      <section class="goals" aria-labelledby="goals-title">
        <h3 id="goals-title">Goals</h3>
        <ul>
          <For each={props.run.lesson.goals}>
            {(goal) => <GoalLine run={props.run} goal={goal} isCurrent={props.current.includes(goal.id)} />}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function GoalLine(props: { readonly run: LessonRun; readonly goal: Goal; readonly isCurrent: boolean }) {
  const [hints, setHints] = createSignal(0);
  const isReached = () => props.run.reached().includes(props.goal.id);
  const isMore = () => hints() < props.goal.hints.length;
  return (
    <li classList={{ reached: isReached() }}>
      <p>
        <span class="tick" aria-hidden="true">
          {isReached() ? '✓' : ''}
        </span>
        <span class="unseen">{isReached() ? 'Reached: ' : 'To do: '}</span>
        <Marked text={textOf(props.goal.text)} />
      </p>
      <Show when={props.isCurrent && !isReached()}>
        <ol class="hints" aria-live="polite">
          <For each={props.goal.hints.slice(0, hints())}>
            {(hint) => (
              <li>
                <Marked text={textOf(hint)} />
              </li>
            )}
          </For>
        </ol>
        <div class="buttons">
          <Show
            when={isMore()}
            fallback={
              <button type="button" class="quiet" onClick={() => props.run.show(props.goal)}>
                Show me
              </button>
            }
          >
            <button type="button" class="quiet" onClick={() => setHints((count) => count + 1)}>
              {hints() === 0 ? 'A hint' : 'Another hint'}
            </button>
          </Show>
        </div>
      </Show>
    </li>
  );
}

/** Variants of the run, and its parameters. */
export function Choices(props: { readonly run: LessonRun }) {
  const { lesson } = props.run;
  return (
    <Show when={lesson.variants.length > 1 || lesson.parameters.length > 0}>
      <div class="lesson-choices">
        <Show when={lesson.variants.length > 1}>
          <label class="field">
            <span>run</span>
            <select
              value={props.run.variant().id}
              disabled={props.run.isOpen()}
              onChange={({ currentTarget }) => props.run.choose(currentTarget.value)}
            >
              <For each={lesson.variants}>
                {({ id, name }) => (
                  <option value={id} selected={id === props.run.variant().id}>
                    {textOf(name)}
                  </option>
                )}
              </For>
            </select>
          </label>
        </Show>
        <For each={lesson.parameters}>{(one) => <Turned run={props.run} parameter={one} />}</For>
      </div>
    </Show>
  );
}

function Turned(props: { readonly run: LessonRun; readonly parameter: Parameter }) {
  const value = () => props.run.parameters()[props.parameter.id] ?? props.parameter.usual;
  const inWords = (number: number) => {
    const option = props.parameter.options?.[number - props.parameter.least];
    return option === undefined ? `${number} ${props.parameter.unit ?? ''}`.trim() : textOf(option);
  };
  const turn = (number: number) =>
    props.run.setParameter(props.parameter.id, number, `${textOf(props.parameter.name)}: ${inWords(number)}`);
  return (
    <label class="field parameter">
      <span>
        {textOf(props.parameter.name)} <b>{inWords(value())}</b>
      </span>
      <input
        type="range"
        min={props.parameter.least}
        max={props.parameter.most}
        step={props.parameter.step}
        value={value()}
        aria-valuetext={inWords(value())}
        disabled={props.run.isOpen()}
        onChange={({ currentTarget }) => turn(Number(currentTarget.value))}
      />
    </label>
  );
}

/** The state and the transition that decide what was seen. */
export function CodeLinks(props: { readonly links: readonly CodeLink[] }) {
  return (
    <Show when={props.links.length > 0}>
      <h3>In the code</h3>
      <ul class="code-links">
        <For each={props.links}>
          {({ file, machine, state, text }) => (
            <li>
              <a href={hashOf('charts', machine, { state })}>{state}</a> in <code>{file}</code>:{' '}
              <Marked text={textOf(text)} />
            </li>
          )}
        </For>
      </ul>
    </Show>
  );
}

/** @jsxImportSource solid-js */
/** The lesson column: one beat at a time, from setup to check, with the goals of the lesson below. */
import { For, Show } from 'solid-js';
import { LESSONS } from '../lessons/index.js';
import type { Beat } from '../lessons/lesson.js';
import { textOf } from '../lessons/texts.js';
import { Choices, CodeLinks, Goals, QuestionCard } from './lesson-cards.jsx';
import type { LessonRun } from './lesson-run.js';
import { Marked } from './marked.jsx';
import { hashOf } from './routes.js';

const KINDS: Readonly<Record<Beat['kind'], string>> = {
  setup: 'Setup',
  predict: 'Predict',
  watch: 'Watch',
  do: 'Do',
  explain: 'Explain',
  check: 'Check',
};

export function LessonColumn(props: { readonly run: LessonRun }) {
  const { lesson } = props.run;
  const beat = () => props.run.beat();
  const isLast = () => props.run.beatIndex() === lesson.beats.length - 1;
  const current = () => (beat().kind === 'do' ? goalsOf(beat()) : []);
  return (
    <section class="panel column lesson" aria-labelledby="lesson-title">
      <div class="scroll" tabindex="0">
        <p class="dim">
          Lesson {Number(lesson.id)} of {LESSONS.length}
        </p>
        <h2 id="lesson-title" class="lesson-title">
          {textOf(lesson.title)}
        </h2>
        <Steps run={props.run} />
        <BeatCard run={props.run} beat={beat()} />
        <Choices run={props.run} />
        <div class="beat-buttons">
          <button
            type="button"
            class="quiet"
            disabled={props.run.beatIndex() === 0}
            onClick={() => props.run.goTo(props.run.beatIndex() - 1)}
          >
            Back
          </button>
          <Show when={!isLast()}>
            <button
              type="button"
              disabled={props.run.isOpen()}
              onClick={() => props.run.goTo(props.run.beatIndex() + 1)}
            >
              Next: {KINDS[lesson.beats[props.run.beatIndex() + 1]?.kind ?? 'check'].toLowerCase()}
            </button>
          </Show>
        </div>
        <Goals run={props.run} current={current()} />
        <Show when={isLast() || beat().kind === 'explain'}>
          <CodeLinks links={lesson.code} />
        </Show>
      </div>
      <Neighbours id={lesson.id} />
    </section>
  );
}

const goalsOf = (beat: Beat): readonly string[] => ('goals' in beat ? beat.goals : []);

function BeatCard(props: { readonly run: LessonRun; readonly beat: Beat }) {
  const question = () => ('question' in props.beat ? props.beat.question : null);
  return (
    <div class="beat" aria-live="polite">
      <Show when={props.beat.text}>
        {(text) => (
          <For each={textOf(text()).split(/\n\n+/)}>
            {(paragraph) => (
              <p>
                <Marked text={paragraph} words={props.run.lesson.words} />
              </p>
            )}
          </For>
        )}
      </Show>
      <Show when={question()} keyed>
        {(asked) => (
          <QuestionCard
            run={props.run}
            question={asked}
            kind={props.beat.kind === 'predict' ? 'predict' : 'check'}
          />
        )}
      </Show>
    </div>
  );
}

/** The beats as a row of steps. One may go back to any; forward only past questions that were answered. */
function Steps(props: { readonly run: LessonRun }) {
  const isBarred = (index: number) => index > props.run.beatIndex() && props.run.isOpen();
  return (
    <ol class="steps" aria-label="Steps of this lesson">
      <For each={props.run.lesson.beats}>
        {(beat, index) => (
          <li>
            <button
              type="button"
              class="quiet"
              classList={{ past: index() < props.run.beatIndex() }}
              aria-current={index() === props.run.beatIndex() ? 'step' : undefined}
              aria-label={`Step ${index() + 1}: ${KINDS[beat.kind]}`}
              title={KINDS[beat.kind]}
              disabled={isBarred(index())}
              onClick={() => props.run.goTo(index())}
            >
              <Show when={index() === props.run.beatIndex()}>{KINDS[beat.kind]}</Show>
            </button>
          </li>
        )}
      </For>
    </ol>
  );
}

function Neighbours(props: { readonly id: string }) {
  const at = () => LESSONS.findIndex(({ id }) => id === props.id);
  const link = (place: number, sign: 'before' | 'after') => (
    <Show when={LESSONS[place]} fallback={<span />}>
      {(lesson) => (
        <a href={hashOf('learn', lesson().id)}>
          {sign === 'before' ? '‹ ' : ''}
          {Number(lesson().id)} {textOf(lesson().title)}
          {sign === 'after' ? ' ›' : ''}
        </a>
      )}
    </Show>
  );
  return (
    <nav class="neighbours" aria-label="Lessons">
      {link(at() - 1, 'before')}
      {link(at() + 1, 'after')}
    </nav>
  );
}

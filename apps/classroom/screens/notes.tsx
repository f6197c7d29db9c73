/** @jsxImportSource solid-js */
/** A presenter's notes: a second window that follows the lesson in the first, and can turn its pages. */
import { createEffect, createSignal, For, onCleanup, Show } from 'solid-js';
import type { Lesson } from '../lessons/lesson.js';
import { textOf } from '../lessons/texts.js';
import type { LessonRun } from './lesson-run.js';
import { Marked } from './marked.jsx';
import { isRecord } from './memory.js';
import { hashOf } from './routes.js';

const CHANNEL = 'bullpen.classroom.notes';

/** `at`: the first window is there. `go`: the second wants it there. `where`: the second asks. */
type Word =
  | { readonly say: 'at' | 'go'; readonly lesson: string; readonly beat: number }
  | { readonly say: 'where' };

function wordOf(value: unknown): Word | null {
  if (!isRecord(value)) return null;
  const { say, lesson, beat } = value;
  if (say === 'where') return { say };
  const isPlace = typeof lesson === 'string' && typeof beat === 'number';
  return (say === 'at' || say === 'go') && isPlace ? { say, lesson, beat } : null;
}

function openChannel(hear: (word: Word) => void): (word: Word) => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    const word = wordOf(data);
    if (word !== null) hear(word);
  };
  onCleanup(() => channel.close());
  return (word) => channel.postMessage(word);
}

/** In the window that the audience sees: tells where the lesson is, and goes where the notes ask. */
export function tellNotes(run: LessonRun): void {
  const { id } = run.lesson;
  const here = (): Word => ({ say: 'at', lesson: id, beat: run.beatIndex() });
  const tell = openChannel((word) => {
    if (word.say === 'where') tell(here());
    if (word.say === 'go' && word.lesson === id) run.goTo(word.beat);
  });
  createEffect(() => tell(here()));
}

/** Opens the notes beside the page. */
export function openNotes(lesson: string): boolean {
  const address = hashOf('learn', lesson, { notes: '1' });
  return window.open(`${location.pathname}${address}`, 'bullpen-notes', 'width=520,height=760') !== null;
}

/** The second window: what to say now, with answers and hints, and what comes next. */
export function Notes(props: { readonly lesson: Lesson }) {
  const [beat, setBeat] = createSignal(0);
  const { lesson } = props;
  const tell = openChannel((word) => {
    if (word.say === 'at' && word.lesson === lesson.id) setBeat(word.beat);
  });
  tell({ say: 'where' });
  const current = () => lesson.beats[beat()];
  const question = () => {
    const one = current();
    return one !== undefined && 'question' in one ? one.question : null;
  };
  const goals = () => {
    const one = current();
    const ids = one !== undefined && 'goals' in one ? one.goals : [];
    return lesson.goals.filter(({ id }) => ids.includes(id));
  };
  const go = (place: number) => tell({ say: 'go', lesson: lesson.id, beat: place });
  return (
    <article class="notes">
      <h2>
        {textOf(lesson.title)}: step {beat() + 1} of {lesson.beats.length}
      </h2>
      <Show when={current()?.text}>
        {(text) => (
          <p>
            <Marked text={textOf(text())} />
          </p>
        )}
      </Show>
      <Show when={question()}>
        {(asked) => (
          <>
            <p>
              <b>{textOf(asked().text)}</b>
            </p>
            <p>
              Answer: {textOf(asked().choices.find(({ id }) => id === asked().right)?.text ?? '')}{' '}
              <span class="dim">
                <Marked text={textOf(asked().because)} />
              </span>
            </p>
          </>
        )}
      </Show>
      <For each={goals()}>
        {(goal) => (
          <p>
            Goal: {textOf(goal.text)}{' '}
            <span class="dim">{goal.hints.map((hint) => textOf(hint)).join(' ')}</span>
          </p>
        )}
      </For>
      <div class="buttons">
        <button type="button" class="quiet" disabled={beat() === 0} onClick={() => go(beat() - 1)}>
          Back
        </button>
        <button type="button" disabled={beat() >= lesson.beats.length - 1} onClick={() => go(beat() + 1)}>
          Next
        </button>
      </div>
    </article>
  );
}

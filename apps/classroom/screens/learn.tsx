/** @jsxImportSource solid-js */
/** Learn: the list of lessons, and each lesson beside a run of its own. */
import { createResource, For, Show } from 'solid-js';
import { LESSONS, type Lesson, loadLesson } from '../lessons/index.js';
import { textOf } from '../lessons/texts.js';
import { LessonView } from './lesson-view.jsx';
import { type Moment, openLink } from './moment.js';
import { Notes } from './notes.jsx';
import { hasProgress, progressOf, reset } from './progress.js';
import { hashOf } from './routes.js';
import { useShell } from './shell.js';
import './workbench.css';
import './learn.css';

/** What an address of a lesson leads to. */
interface Opening {
  readonly lesson: Lesson;
  readonly moment: Extract<Moment, { ok: true }> | null;
}

export function Learn() {
  const shell = useShell();
  const route = shell.routing.route;
  const [opening] = createResource(
    () => ({ id: route().part, text: route().query.get('s') }),
    async ({ id, text }): Promise<Opening | null> => {
      const lesson = id === '' ? undefined : await loadLesson(id);
      if (lesson === undefined) {
        if (id !== '') shell.say(`There is no lesson ${id}; these are the lessons.`);
        return null;
      }
      const moment = text === null ? null : await openLink(text);
      if (moment !== null && !moment.ok) shell.say(moment.why);
      return { lesson, moment: moment?.ok === true ? moment : null };
    },
  );
  return (
    <Show when={route().part !== ''} fallback={<LessonList />}>
      <Show when={opening()} keyed fallback={<Show when={!opening.loading}>{<LessonList />}</Show>}>
        {(one) => (
          <Show
            when={route().query.get('notes') === '1'}
            fallback={<LessonView lesson={one.lesson} moment={one.moment} />}
          >
            <Notes lesson={one.lesson} />
          </Show>
        )}
      </Show>
    </Show>
  );
}

function LessonList() {
  const forgetAll = () => {
    if (confirm('Forget your answers and goals of all lessons on this device?')) reset();
  };
  return (
    <div class="lesson-list">
      <h2>Learn the Bully algorithm</h2>
      <p class="lead">
        Fourteen lessons. In each you first say what will happen, then see it, then make it happen yourself.
        Nothing here is a film: every picture is a run of the very statecharts that the cluster runs.
      </p>
      <ol>
        <For each={LESSONS}>
          {({ id, title, line }) => (
            <li>
              <a href={hashOf('learn', id)}>
                <span class="lesson-number">{Number(id)}</span>
                <span class="lesson-words">
                  <b>{textOf(title)}</b>
                  <span class="dim">{textOf(line)}</span>
                </span>
                <Standing id={id} />
              </a>
            </li>
          )}
        </For>
      </ol>
      <Show when={hasProgress()}>
        <p class="dim">
          Your progress is kept on this device only.{' '}
          <button type="button" class="quiet" onClick={forgetAll}>
            Reset
          </button>
        </p>
      </Show>
    </div>
  );
}

/** How far one has come: goals that were reached. */
function Standing(props: { readonly id: string }) {
  const goals = () => progressOf(props.id).goals.length;
  const isBegun = () => progressOf(props.id).beat > 0;
  return (
    <span class="standing" classList={{ good: goals() > 0 }}>
      {goals() > 0 ? `✓ ${goals()} ${goals() === 1 ? 'goal' : 'goals'}` : isBegun() ? 'begun' : ''}
    </span>
  );
}

/** @jsxImportSource solid-js */
/** One lesson: its column beside the panes of its run. */
import { createEffect, createSignal } from 'solid-js';
import type { Lesson } from '../lessons/lesson.js';
import { textOf } from '../lessons/texts.js';
import { Compare } from './compare.jsx';
import { LessonColumn } from './lesson-column.jsx';
import { createLessonRun } from './lesson-run.js';
import { linkTo, type Moment } from './moment.js';
import { openNotes, tellNotes } from './notes.jsx';
import { createRun } from './run.js';
import { settings } from './settings.js';
import { useShell } from './shell.js';
import { stageExports } from './stage-exports.js';
import { stageCommands } from './stage-keys.js';
import { createPanes, Workbench } from './workbench.jsx';

interface LessonViewProps {
  readonly lesson: Lesson;
  /** From a link; null begins where the learner was. */
  readonly moment: Extract<Moment, { ok: true }> | null;
}

export function LessonView(props: LessonViewProps) {
  const shell = useShell();
  const { lesson, moment } = props;
  const [first] = lesson.variants;
  if (first === undefined) throw new Error(`lesson ${lesson.id} has no variant`);
  const panes = createPanes('column');
  const [compared, setCompared] = createSignal<string | null>(null);
  const run = createRun(first.script, {
    forked: ({ name }) => shell.say(`Branch “${name}” created, the original is kept.`),
    refused: shell.say,
  });
  const { stage } = run;
  const lessonRun = createLessonRun({
    run,
    lesson,
    opened: moment,
    showChart: (actor) => {
      panes.setActor(actor);
      panes.setDock('chart');
    },
    showPane: (pane) => pane === 'chart' && panes.setDock('chart'),
  });
  moment?.show(stage);
  tellNotes(lessonRun);
  createEffect(() => stage.setStill(!settings.motion));
  const title = () => textOf(lesson.title);
  shell.commands.offer(stageCommands({ stage, run, showPane: panes.show, say: shell.say }));
  shell.commands.offer([
    {
      id: 'compare',
      words: 'Compare this branch with the one it came from',
      group: 'Time',
      keys: ['c'],
      isPossible: () => run.branches().length > 1,
      run: () => setCompared(run.current().from ?? run.branches().at(-1)?.id ?? null),
    },
    {
      id: 'next-beat',
      words: 'Next step of the lesson',
      group: 'Page',
      keys: ['PageDown'],
      isPossible: () => !lessonRun.isOpen(),
      run: () => lessonRun.goTo(lessonRun.beatIndex() + 1),
    },
    {
      id: 'notes',
      words: 'Notes in a second window',
      group: 'Page',
      run: () => openNotes(lesson.id) || shell.say('This browser does not let the page open a window.'),
    },
    {
      id: 'last-beat',
      words: 'Previous step of the lesson',
      group: 'Page',
      keys: ['PageUp'],
      run: () => lessonRun.goTo(lessonRun.beatIndex() - 1),
    },
  ]);
  shell.offerLink(() => linkTo('learn', lesson.id, run.script(), stage, lessonRun.variant().id));
  const name = () => `lesson ${lesson.id} ${title()}`;
  shell.offerExports(() => stageExports({ stage, name, script: run.script, say: shell.say }));

  return (
    <Workbench
      stage={stage}
      run={run}
      panes={panes}
      columnName="Lesson"
      column={<LessonColumn run={lessonRun} />}
      compared={compared()}
      onCompare={setCompared}
      instead={
        compared() === null ? undefined : (
          <Compare run={run} branch={compared() ?? ''} onClose={() => setCompared(null)} />
        )
      }
    />
  );
}

/** A lesson under way: which beat, which variant, what was answered, which goals the trace has reached. */
import { createEffect, createMemo, createSignal, on, untrack } from 'solid-js';
import type { Script, TraceEvent } from '../contract.js';
import type { Attempt, Beat, Cue, Goal, Lesson, Question, Variant } from '../lessons/lesson.js';
import { readingOf } from '../lessons/reading.js';
import { note, progressOf } from './progress.js';
import type { Run } from './run.js';

/** Goals are looked at again so long after the run or the playhead has changed, ms. */
const CHECK_AFTER_MS = 150;

export interface LessonRunOptions {
  readonly run: Run;
  readonly lesson: Lesson;
  /** Opens the chart of an actor, or brings a pane into view. */
  readonly showChart: (actor: string) => void;
  readonly showPane: (pane: NonNullable<Cue['panes']>[number]) => void;
  /** A moment of a link, in place of the first cue. */
  readonly opened?: {
    readonly script: Script;
    readonly at: number;
    readonly event: number | undefined;
    readonly variant: string | undefined;
  } | null;
}

export function createLessonRun({ run, lesson, showChart, showPane, opened }: LessonRunOptions) {
  const { stage } = run;
  const [beatIndex, setBeatIndex] = createSignal(
    Math.min(progressOf(lesson.id).beat, lesson.beats.length - 1),
  );
  const [variant, setVariant] = createSignal(variantNamed(lesson, opened?.variant));
  const [parameters, setParameters] = createSignal<Readonly<Record<string, number>>>({});
  const [playTo, setPlayTo] = createSignal<number | null>(null);
  const beat = (): Beat => lesson.beats[beatIndex()] ?? (lesson.beats[0] as Beat);
  const answers = () => progressOf(lesson.id).answers;
  const questionOf = (one: Beat): Question | null => ('question' in one ? one.question : null);
  /** A prediction that has not been committed to: nothing later may be seen. */
  const isOpen = createMemo(() => {
    const question = questionOf(beat());
    return beat().kind === 'predict' && question !== null && answers()[question.id] === undefined;
  });

  const scriptOf = (one: Variant, values = parameters()): Script =>
    lesson.parameters.reduce((script, { id, usual, applied }) => {
      const value = values[id];
      return value === undefined || value === usual ? script : applied(script, value);
    }, one.script);

  const choose = (one: Variant, atMs = one.fromMs) => {
    setVariant(one);
    run.load(scriptOf(one), { atMs, untilMs: one.untilMs });
  };
  const follow = (cue: Cue | undefined) => {
    stage.pause();
    const next = cue?.variant === undefined ? variant() : variantNamed(lesson, cue.variant);
    const limit = limitIn(lesson, beatIndex(), answers(), next);
    run.setLimit(limit);
    if (next !== variant() || run.branches().length > 1 || limit !== null)
      choose(next, cue?.atMs ?? (next === variant() ? stage.now() : next.fromMs));
    else if (cue?.atMs !== undefined) stage.seek(cue.atMs);
    if (cue?.select !== undefined) stage.selectPeer(cue.select);
    if (cue?.actor !== undefined) showChart(cue.actor);
    for (const pane of cue?.panes ?? []) showPane(pane);
    setPlayTo(cue?.playToMs ?? null);
    if (cue?.playToMs !== undefined) playWhenKnown(cue.playToMs, beatIndex());
  };
  /** The engine may still be at work on it when the reader turns the page. */
  const playWhenKnown = async (untilMs: number, asked: number) => {
    await run.playTo(untilMs);
    if (beatIndex() === asked) stage.play();
  };
  const goTo = (index: number) => {
    const within = Math.max(0, Math.min(lesson.beats.length - 1, index));
    setBeatIndex(within);
    note(lesson.id, { beat: within });
    untrack(() => follow(beat().cue));
  };

  // The beat asked to play so far and no further.
  createEffect(
    on(stage.time, (ms) => {
      const end = playTo();
      if (end === null || ms < end || !stage.isPlaying()) return;
      setPlayTo(null);
      stage.pause();
    }),
  );
  const watch = () => [stage.history(), stage.index(), variant(), answers()];
  const reached = createGoalCheck(lesson, watch, () => attemptOf(run, variant(), answers()));

  if (opened) {
    setVariant(variantNamed(lesson, opened.variant));
    run.load(opened.script, { atMs: opened.at, event: opened.event });
  } else {
    choose(variant());
    untrack(() => follow(beat().cue));
  }
  return {
    lesson,
    beat,
    beatIndex,
    goTo,
    variant,
    choose: (id: string) => choose(variantNamed(lesson, id)),
    parameters,
    setParameter: (id: string, value: number, name: string) => {
      setParameters((now) => ({ ...now, [id]: value }));
      const parameter = lesson.parameters.find((one) => one.id === id);
      if (parameter !== undefined) run.vary(parameter.applied(run.script(), value), name);
    },
    answers,
    isOpen,
    /** Commits to a choice; after a prediction the run goes on. */
    answer: (question: Question, choice: string) => {
      note(lesson.id, { answers: { ...answers(), [question.id]: choice } });
      run.setLimit(null);
      if (beat().kind === 'predict') stage.play();
    },
    reached,
    /** Plays one way to reach it. */
    show: (goal: Goal) => {
      const { solution } = goal;
      const one = variantNamed(lesson, solution.variant);
      const base = scriptOf(one, { ...parameters(), ...solution.parameters });
      const acts = [...base.acts, ...(solution.acts ?? [])].sort((a, b) => a.at - b.at);
      setVariant(one);
      setParameters((now) => ({ ...now, ...solution.parameters }));
      run.setLimit(null);
      const untilMs = solution.untilMs ?? one.untilMs;
      run.load({ ...base, acts }, { atMs: one.fromMs, untilMs });
      if (solution.answers !== undefined) note(lesson.id, { answers: { ...answers(), ...solution.answers } });
      void run.playTo(untilMs).then(() => goToPlace(run, solution.place));
    },
  };
}

export type LessonRun = ReturnType<typeof createLessonRun>;

function variantNamed({ variants }: Lesson, id: string | undefined): Variant {
  const found = variants.find((one) => one.id === id) ?? variants[0];
  if (found === undefined) throw new Error('a lesson without a variant');
  return found;
}

/** Until when a run may be seen, virtual ms: no further than the question that is open, or that comes first. Null for all of it. */
function limitIn(
  { beats }: Lesson,
  at: number,
  answers: Attempt['answers'],
  { script }: Variant,
): number | null {
  const isOpen = (beat: Beat | undefined) =>
    beat?.kind === 'predict' && answers[beat.question.id] === undefined;
  const first = beats.findIndex(({ kind }) => kind === 'predict');
  const asking = [beats[at], at < first ? beats[first] : undefined].find(isOpen);
  if (asking === undefined) return null;
  // A question that names no moment is about what the first fault will lead to.
  return asking.cue?.playToMs ?? asking.cue?.atMs ?? script.acts[0]?.at ?? null;
}

const eventsOf = (run: Run): readonly TraceEvent[] => {
  const history = run.stage.history();
  return Array.from({ length: history.length }, (_, index) => history.at(index)).filter(
    (event) => event !== undefined,
  );
};

function goToPlace(run: Run, place: Goal['solution']['place']): void {
  const events = eventsOf(run);
  const event = place?.(readingOf(events, run.stage.history().endMs));
  const index = event === undefined ? -1 : events.indexOf(event);
  if (index >= 0) run.stage.seekEvent(index);
  else run.stage.play();
}

function attemptOf(run: Run, variant: Variant, answers: Attempt['answers']): Attempt {
  const events = eventsOf(run);
  const place = run.stage.history().at(run.stage.index())?.s ?? 0;
  return {
    variant: variant.id,
    script: run.script(),
    reading: readingOf(events, run.stage.history().endMs),
    place,
    answers,
  };
}

/** Ids of goals that were reached, now or earlier. */
function createGoalCheck(
  lesson: Lesson,
  watch: () => unknown,
  attempt: () => Attempt,
): () => readonly string[] {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = () => {
    timer = undefined;
    const known = progressOf(lesson.id).goals;
    const open = lesson.goals.filter(({ id }) => !known.includes(id));
    if (open.length === 0) return;
    const now = untrack(attempt);
    const fresh = open.filter((goal) => goal.isReached(now)).map(({ id }) => id);
    if (fresh.length > 0) note(lesson.id, { goals: [...known, ...fresh] });
  };
  createEffect(() => {
    watch();
    timer ??= setTimeout(check, CHECK_AFTER_MS);
  });
  return () => progressOf(lesson.id).goals;
}

/** What the lessons are made of: scripts that the engine reads, links that are short, texts that are there, code that exists. */
import { existsSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { readScript } from '../../apps/classroom/engine/index.js';
import { CHALLENGES } from '../../apps/classroom/lessons/challenges.js';
import { type Beat, LESSONS, type Lesson, type TextKey } from '../../apps/classroom/lessons/index.js';
import { english } from '../../apps/classroom/lessons/texts/en/english.js';
import { textOf } from '../../apps/classroom/lessons/texts.js';
import {
  causalMachine,
  electionMachine,
  failureDetectorMachine,
  sequencerMachine,
} from '../../machines/index.js';
import { allLessons } from './lesson-stage.js';

const LINK_MAX = 2000;
const WORDS_MAX = 90;
const MACHINES: readonly AnyStateMachine[] = [
  electionMachine,
  failureDetectorMachine,
  sequencerMachine,
  causalMachine,
];

const lessons = await allLessons();
const scripts = [
  ...lessons.flatMap(({ variants }) => variants),
  ...CHALLENGES.flatMap(({ start, shown }) => (shown === null ? [start] : [start, shown])),
].map(({ name, script }) => [name, script] as const);

function keysOf({ beats, goals, variants, parameters, code, title, words }: Lesson): readonly TextKey[] {
  const ofBeat = (beat: Beat): readonly (TextKey | undefined)[] =>
    'question' in beat
      ? [
          beat.text,
          beat.question.text,
          beat.question.because,
          ...beat.question.choices.map(({ text }) => text),
        ]
      : [beat.text];
  return [
    title,
    ...beats.flatMap(ofBeat),
    ...goals.flatMap(({ text, hints }) => [text, ...hints]),
    ...variants.map(({ name }) => name),
    ...parameters.flatMap(({ name, options = [] }) => [name, ...options]),
    ...code.map(({ text }) => text),
    ...words.flatMap((word) => [`glossary.${word}`, `glossary.${word}.means`]),
  ].filter((key) => key !== undefined);
}

const challengeKeys = CHALLENGES.flatMap(({ title, text, hints, start, shown }) => [
  title,
  text,
  ...hints,
  start.name,
  ...(shown === null ? [] : [shown.name]),
]);

describe('the lessons', () => {
  it('are fourteen, in order, and each is what the list says', () => {
    expect(lessons.map(({ id }) => id)).toEqual(LESSONS.map(({ id }) => id));
    expect(lessons).toHaveLength(14);
    expect(lessons.map(({ title }) => title)).toEqual(LESSONS.map(({ title }) => title));
  });

  it.each(scripts)('have a script that the engine reads as it is: %s', (_, script) => {
    const { scenario, acts } = readScript(JSON.stringify(script));

    expect(acts).toEqual(script.acts);
    expect(scenario).toEqual(script.scenario);
  });

  it.each(scripts)('fit into a link: %s', (_, script) => {
    const link = deflateRawSync(JSON.stringify(script)).toString('base64url');

    expect(link.length).toBeLessThanOrEqual(LINK_MAX);
  });

  it('say nothing that has no text, and have no text that nobody says', () => {
    const listed = LESSONS.flatMap(({ title, line }) => [title, line]);
    const said = new Set([...lessons.flatMap(keysOf), ...listed, ...challengeKeys]);
    const written = Object.keys(english);

    expect([...said].filter((key) => textOf(key) === key)).toEqual([]);
    expect(written.filter((key) => !said.has(key) && !key.startsWith('glossary.'))).toEqual([]);
  });

  it(`need no more than ${WORDS_MAX} words at a time`, () => {
    const long = Object.entries(english).filter(([, text]) => text.split(/\s+/).length > WORDS_MAX);

    expect(long.map(([key]) => key)).toEqual([]);
  });

  it.each(lessons.map((lesson) => [lesson.id, lesson] as const))('go the same way: %s', (_, lesson) => {
    const kinds = lesson.beats.map(({ kind }) => kind);
    const ids = lesson.goals.map(({ id }) => id);
    const wanted = lesson.beats.flatMap((beat) => (beat.kind === 'do' ? beat.goals : []));
    const cued = lesson.beats.flatMap(({ cue }) => (cue?.variant === undefined ? [] : [cue.variant]));
    const variants = lesson.variants.map(({ id }) => id);

    expect(kinds[0]).toBe('setup');
    expect(kinds).toEqual(expect.arrayContaining(['predict', 'watch', 'do', 'explain', 'check']));
    expect([...wanted].sort()).toEqual([...ids].sort());
    expect(cued.filter((id) => !variants.includes(id))).toEqual([]);
    expect(kinds.indexOf('predict')).toBeLessThan(kinds.indexOf('watch'));
  });

  it.each(lessons.flatMap(({ id, code }) => code.map((link) => [id, link] as const)))(
    'end at code that is there: %s %j',
    (_, { file, machine: id, state, event }) => {
      const machine = MACHINES.find((one) => one.id === id);
      let node: AnyStateNode | undefined = machine?.root;
      const passed = [node];
      for (const step of state.split('.')) {
        node = node?.states[step];
        passed.push(node);
      }
      const events = passed.flatMap((one) => one?.ownEvents ?? []);

      expect(existsSync(file)).toBe(true);
      expect(node).toBeDefined();
      if (event !== null) expect(events).toContain(event);
    },
  );
});

describe('texts', () => {
  it('are English where a language lacks them, and their key where all do', () => {
    expect(textOf('01.title', 'de-CH')).toBe('Meet the cluster');
    expect(textOf('nowhere')).toBe('nowhere');
  });
});

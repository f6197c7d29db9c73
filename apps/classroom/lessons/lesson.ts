/**
 * What a lesson is: a few scripts of one small cluster, the way through them, and goals that a run either reaches or not.
 *
 * Plain data but for small pure functions over a run's trace. No words: whatever a learner reads is a key into a table of
 * texts, so that a translation is another table. Nothing here plays a script; the page and the tests do.
 */
import type { Act, PeerId, Script, TraceEvent } from '../contract.js';
import type { Reading } from './reading.js';

/** A key into a `Texts` table: `02.predict.question`. */
export type TextKey = string;

/** Texts of one language, by their keys. Plain sentences; `**strong**` and `` `code` `` are the only marks. */
export type Texts = Readonly<Record<TextKey, string>>;

/** One of the runs a lesson compares. Its script is the whole truth: what the page says of it, its trace must show. */
export interface Variant {
  /** Unique in its lesson: `classic`, `safe`, `two-drops`. */
  readonly id: string;
  readonly name: TextKey;
  readonly script: Script;
  /** Where the story begins, virtual ms: before it the cluster founds itself, which is not what is counted. */
  readonly fromMs: number;
  /** How far to play, virtual ms, unless the learner goes on. */
  readonly untilMs: number;
}

export interface Choice {
  readonly id: string;
  readonly text: TextKey;
}

/** Asked before the answer can be seen. */
export interface Question {
  readonly id: string;
  readonly text: TextKey;
  readonly choices: readonly Choice[];
  /** The id of the right choice. */
  readonly right: string;
  /** Why, shown once the learner has committed to one. */
  readonly because: TextKey;
  /** What the runs themselves answer: the id of a choice. The tests compare it with `right`; null where no run can tell. */
  readonly ofRuns: ((runs: Runs) => string) | null;
}

/** The readings of a lesson's variants as written, by their ids. */
export type Runs = (variant: string) => Reading;

/** Where the stage should be when a beat begins. */
export interface Cue {
  readonly variant?: string;
  /** Seek here, virtual ms, and stand still. */
  readonly atMs?: number;
  /** Play on to here from where the stage is. */
  readonly playToMs?: number;
  readonly select?: PeerId;
  /** The chart to open for the selected peer: an actor's name, `election`, `failure-detector:5`. */
  readonly actor?: string;
  readonly panes?: readonly ('arena' | 'space-time' | 'chart' | 'beliefs' | 'log' | 'counters')[];
}

export type Beat =
  | { readonly kind: 'setup' | 'watch' | 'explain'; readonly text: TextKey; readonly cue?: Cue }
  | {
      readonly kind: 'predict' | 'check';
      readonly text?: TextKey;
      readonly question: Question;
      readonly cue?: Cue;
    }
  | {
      readonly kind: 'do';
      readonly text: TextKey;
      readonly cue?: Cue;
      /** Ids of goals of the lesson, any number of them. */
      readonly goals: readonly string[];
    };

/** What a learner has made of a lesson so far; whatever the page does not know is left empty. */
export interface Attempt {
  readonly variant: string;
  /** With the learner's acts in it, and the parameters applied. */
  readonly script: Script;
  /** Of that script's trace as far as it was played. */
  readonly reading: Reading;
  /** `s` of the record the playhead stands on; 0 before the first. */
  readonly place: number;
  /** Answers given, choice by question. */
  readonly answers: Readonly<Record<string, string>>;
}

export interface Goal {
  /** Unique in its lesson. */
  readonly id: string;
  readonly text: TextKey;
  /** Shown one after the other when asked for. */
  readonly hints: readonly TextKey[];
  readonly isReached: (attempt: Attempt) => boolean;
  /** One way to reach it. Tests play it; the page may show it to whoever gives up. */
  readonly solution: Solution;
}

export interface Solution {
  readonly variant: string;
  /** Added to the variant's own acts. */
  readonly acts?: readonly Act[];
  /** Values of the lesson's parameters, by id. */
  readonly parameters?: Readonly<Record<string, number>>;
  readonly answers?: Readonly<Record<string, string>>;
  /** Where to put the playhead: the record itself. */
  readonly place?: (reading: Reading) => TraceEvent | undefined;
  /** Play longer than the variant says, ms. */
  readonly untilMs?: number;
}

/** Something a learner may turn: a number with bounds, or a choice between numbered options. */
export interface Parameter {
  readonly id: string;
  readonly name: TextKey;
  readonly unit: 'ms' | '%' | 'peers' | null;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  /** What the scripts have as written. */
  readonly usual: number;
  /** Names of the values, when they are not plain numbers: a switch has two. */
  readonly options?: readonly TextKey[];
  /** The script with this value in place. */
  readonly applied: (script: Script, value: number) => Script;
}

/** Where in the code what was seen is decided. */
export interface CodeLink {
  readonly file: `machines/${string}.ts`;
  /** The machine's id, as the charts screen knows it. */
  readonly machine: string;
  readonly state: string;
  /** The event whose transition it is; null when it is the state as such. */
  readonly event: string | null;
  readonly text: TextKey;
}

export interface Lesson {
  /** `01` to `14`, as in the address `#/learn/04`. */
  readonly id: string;
  readonly title: TextKey;
  readonly peers: readonly PeerId[];
  /** The first is shown first. */
  readonly variants: readonly Variant[];
  readonly parameters: readonly Parameter[];
  /** In order: setup, predict, watch, do, explain, check; kinds may repeat. */
  readonly beats: readonly Beat[];
  readonly goals: readonly Goal[];
  readonly code: readonly CodeLink[];
  /** Words of the glossary that it introduces, by their keys. */
  readonly words: readonly string[];
}

/** What the learner has done beyond the variant: the acts it did not have. */
export function ownActs({ script }: Attempt, variant: Variant): readonly Act[] {
  const given = variant.script.acts.map((act) => JSON.stringify(act));
  return script.acts.filter((act) => !given.includes(JSON.stringify(act)));
}

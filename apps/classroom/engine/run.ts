/**
 * One run: a settled cluster at 0, then the acts of its script, each before whatever else is due at its moment.
 *
 * Acts are no timers of the clock: they stand in a calendar beside it. So it makes no difference when an act is put there, as
 * long as its time is still to come.
 */
import type { Simulation } from '../../simulator/index.js';
import type { Act, Script } from '../contract.js';
import { beginAct, endAct } from './acts.js';
import { forming, gathered } from './formation.js';
import { wordsOf } from './words.js';

interface Appointment {
  readonly at: number;
  readonly act: Act;
  readonly phase: 'begin' | 'end';
}

/** What ends comes before what begins. */
const isBefore = (a: Appointment, b: Appointment): boolean =>
  a.at < b.at || (a.at === b.at && a.phase === 'end' && b.phase === 'begin');

const FOREVER_MS = Number.MAX_SAFE_INTEGER;

export class Run {
  readonly #simulation: Simulation;
  readonly #script: Script;
  readonly #hear: (line: string) => void;
  /** What there is before 0; null once that is over. */
  #forming: Iterator<undefined, void> | null;
  #startMs = 0;
  #appointments: Appointment[];
  #reachedMs = 0;
  #hasFailed = false;

  /**
   * @param hear - told every line of the trace, the header first.
   * @param isChecked - whether the simulator's invariants are checked after every step: costs a third.
   */
  constructor(script: Script, hear: (line: string) => void, { isChecked = false } = {}) {
    this.#script = script;
    this.#hear = hear;
    this.#simulation = gathered(script.scenario, {
      isChecked,
      onViolation: ({ invariant, message }) => this.#tellViolation(invariant, message),
    });
    this.#forming = forming(this.#simulation);
    this.#appointments = appointmentsOf(script.acts);
  }

  /** Up to here everything has happened, ms. */
  get nowMs(): number {
    return this.#reachedMs;
  }

  /** Other acts in place of those that lie ahead. */
  replaceAhead(acts: readonly Act[]): void {
    const isSettled = ({ at, phase }: Appointment) => phase === 'end' || at <= this.#reachedMs;
    const settled = this.#appointments.filter(isSettled);
    const ahead = appointmentsOf(acts).filter(({ at }) => at > this.#reachedMs);
    this.#appointments = [];
    for (const appointment of [...settled, ...ahead]) this.#enter(appointment);
  }

  /**
   * Goes on until everything up to `untilMs` has happened.
   *
   * @param mayGoOn - asked between steps; answers false to come back later.
   * @returns whether it is done.
   * @throws ScriptProblem when no cluster comes about with the script's time-outs.
   */
  playTo(untilMs: number, mayGoOn: () => boolean = () => true): boolean {
    const { clock } = this.#simulation;
    while (this.#forming !== null) {
      if (this.#forming.next().done === true) this.#begin();
      if (!mayGoOn()) return false;
    }
    while (!this.#hasFailed) {
      const dueMs = (clock.nextDue ?? FOREVER_MS) - this.#startMs;
      const [next] = this.#appointments;
      const isAct = next !== undefined && next.at <= dueMs;
      const atMs = isAct ? next.at : dueMs;
      if (atMs > untilMs) break;
      this.#reachedMs = Math.max(this.#reachedMs, atMs);
      if (isAct) this.#keep(next);
      else this.#step();
      if (!mayGoOn()) return false;
    }
    clock.pass(this.#startMs + untilMs);
    this.#reachedMs = Math.max(this.#reachedMs, untilMs);
    return true;
  }

  #begin(): void {
    this.#forming = null;
    this.#startMs = this.#simulation.clock.now();
    const members = this.#script.scenario.peers;
    this.#simulation.trace(this.#hear, { members, formedMs: Math.round(this.#startMs) });
  }

  #keep({ at, act, phase }: Appointment): void {
    this.#appointments.shift();
    this.#simulation.clock.pass(this.#startMs + at);
    const words = wordsOf(act, phase);
    if (phase === 'end') {
      this.#simulation.tell({ k: 'fault', act, phase, words });
      endAct(this.#simulation, act);
      return;
    }
    const forMs = lastingOf(act);
    if (forMs !== undefined) this.#enter({ at: at + forMs, act, phase: 'end' });
    beginAct(this.#simulation, act, (details) =>
      this.#simulation.tell({ k: 'fault', act, phase, words, ...details }),
    );
  }

  /** Behind those that come before it, or are as early. */
  #enter(appointment: Appointment): void {
    const place = this.#appointments.findIndex((other) => isBefore(appointment, other));
    if (place === -1) this.#appointments.push(appointment);
    else this.#appointments.splice(place, 0, appointment);
  }

  #step(): void {
    try {
      this.#simulation.step();
    } catch (problem) {
      this.#hasFailed = true;
      this.#tellViolation('defect', problem instanceof Error ? problem.message : String(problem));
    }
  }

  #tellViolation(invariant: string, detail: string): void {
    this.#simulation.tell({ k: 'violation', ev: invariant, detail });
  }
}

function lastingOf(act: Act): number | undefined {
  if ('forMs' in act) return act.forMs;
  return 'which' in act && 'forMs' in act.which ? act.which.forMs : undefined;
}

const appointmentsOf = (acts: readonly Act[]): Appointment[] =>
  [...acts].sort((a, b) => a.at - b.at).map((act) => ({ at: act.at, act, phase: 'begin' }));

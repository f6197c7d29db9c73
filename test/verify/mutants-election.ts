/** Who may lead, and with which log: one rule switched off at a time. */
import type { Mutant } from './mutant.js';

const BALLOT = 'machines/values/ballot.ts';
const SEQUENCING = 'machines/values/sequencing.ts';
const TERM = 'machines/values/term.ts';
const RULES = 'machines/sequencer-rules.ts';
const SETUP = 'machines/sequencer-setup.ts';
const CHART = 'machines/sequencer.ts';
const COORDINATING = 'machines/sequencer-coordinating.ts';

const turns = { owners: 'turns' } as const;

export const ELECTION_MUTANTS: readonly Mutant[] = [
  {
    name: 'noadopt',
    rule: 'A candidate adopts the best log before it leads.',
    file: RULES,
    from: 'return best !== undefined && best.lastIndex === log.lastIndex && log.holds(best.lastIndex, best.lastTerm);',
    to: 'return best !== undefined || log === undefined;',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'ownlog',
    rule: 'A candidate leads at once only when its own log is the best.',
    file: SETUP,
    from: 'isElectedWithBestLog: ({ context }) => isElected(context.promises) && rules.holdsBestLog(context),',
    to: 'isElectedWithBestLog: ({ context }) => isElected(context.promises),',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'lastindex',
    rule: 'A log is the best one when it ends like it, not only where it ends.',
    file: RULES,
    from: 'best.lastIndex === log.lastIndex && log.holds(best.lastIndex, best.lastTerm);',
    to: 'best.lastIndex === log.lastIndex;',
    bounds: {},
  },
  {
    name: 'partialadopt',
    rule: 'A candidate leads when all of the best log is on its disk, not a part.',
    file: SETUP,
    from: 'isAdoptionStored: ({ context, event }) => rules.isStored(context, event) && rules.holdsBestLog(context),',
    to: 'isAdoptionStored: ({ context, event }) => rules.isStored(context, event),',
    bounds: { terms: 2 },
  },
  {
    name: 'lenonly',
    rule: 'The better log is the one of the higher last term, whatever its length.',
    file: BALLOT,
    from: `  compareTerms(a.lastTerm, b.lastTerm) > 0 ||
  (isSameTerm(a.lastTerm, b.lastTerm) && a.lastIndex > b.lastIndex);`,
    to: '  a.lastIndex > b.lastIndex;',
    bounds: {},
  },
  {
    name: 'termonly',
    rule: 'Of two logs of one last term the longer is the better.',
    file: BALLOT,
    from: '  (isSameTerm(a.lastTerm, b.lastTerm) && a.lastIndex > b.lastIndex);',
    to: '  false;',
    bounds: { terms: 2 },
  },
  {
    name: 'firstlog',
    rule: 'The best of all promises is adopted, not any of them.',
    file: BALLOT,
    from: '(best, next) => (!best || isBetter(next, best) ? next : best)',
    to: '(best, next) => best ?? next',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'noquorum',
    rule: 'Promises of a quorum elect, not fewer.',
    file: BALLOT,
    from: 'return isQuorum(best.configuration, new Set(seated.map((p) => p.peer)));',
    to: 'return seated.length > 0 && isQuorum !== undefined;',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'resume',
    rule: 'A term that was led is never led again: every candidacy opens a new one.',
    file: TERM,
    from: '({ n: seen.n + 1, owner })',
    to: '({ n: seen.n, owner })',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'losepromise',
    rule: 'A promise outlives a restart.',
    file: SEQUENCING,
    from: `  promised: input.promised,
  seen:`,
    to: `  promised: input.log.lastTerm,
  seen:`,
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'nofence',
    rule: 'What comes from before the promise is not obeyed.',
    file: RULES,
    from: 'return term !== undefined && compareTerms(term, context.promised) < 0;',
    to: 'return term === undefined && context === undefined;',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'oldpromise',
    rule: 'A promise counts only for the term it was given.',
    file: CHART,
    from: "on: { 'sequencer.promise': { guard: 'isOwnTerm', actions: 'notePromise' } },",
    to: "on: { 'sequencer.promise': { actions: 'notePromise' } },",
    bounds: {},
  },
  {
    name: 'bothobey',
    rule: 'A coordinator that promises another one coordinates no more.',
    file: COORDINATING,
    from: "        target: 'replica.promising',\n",
    to: '',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'lowhandover',
    rule: 'A successor collects for a higher term than the one it takes over.',
    file: RULES,
    from: "  event.type === 'sequencer.collect' &&\n  isHigherTerm(context, event) &&\n  event.handoverOf !== null &&",
    to: "  event.type === 'sequencer.collect' &&\n  event.handoverOf !== null &&",
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'numbersonly',
    rule: 'Of two terms of one number the owner decides which is higher.',
    file: TERM,
    from: 'a.n - b.n || compareIds(a.owner, b.owner);',
    to: 'a.n - b.n + (compareIds === undefined ? 1 : 0);',
    bounds: { ...turns, entries: 2 },
  },
  {
    name: 'sameterm',
    rule: 'Terms of one number and two owners are two terms.',
    file: TERM,
    from: 'a.n === b.n && a.owner === b.owner;',
    to: 'a.n === b.n;',
    bounds: { ...turns, entries: 2 },
  },
];

/** How entries enter a log, and when they are committed: one rule switched off at a time. */
import type { Mutant } from './mutant.js';

const QUORUM = 'machines/values/quorum.ts';
const REPLICATION = 'machines/values/replication.ts';
const SEQUENCING = 'machines/values/sequencing.ts';
const RULES = 'machines/sequencer-rules.ts';
const LETTERS = 'machines/sequencer-letters.ts';

export const REPLICATION_MUTANTS: readonly Mutant[] = [
  {
    name: 'oldcommit',
    rule: 'A coordinator counts only entries of its own term; older ones come along.',
    file: REPLICATION,
    from: 'index > commit && candidate !== undefined && isSameTerm(candidate, term) ? index : commit',
    to: 'index > commit && candidate !== undefined && term !== undefined ? index : commit',
    bounds: { terms: 4 },
  },
  {
    name: 'anycommit',
    rule: 'What a quorum holds is committed, not what anybody holds.',
    file: QUORUM,
    from: 'const byMost = descending[Math.floor(voters.length / 2)] ?? 0;',
    to: 'const byMost = descending[0] ?? 0;',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'noprev',
    rule: 'Entries join a log only behind the entry they follow.',
    file: REPLICATION,
    from: 'log.holds(offer.prevIndex, offer.prevTerm);',
    to: 'log.lastIndex >= offer.prevIndex;',
    bounds: {},
  },
  {
    name: 'matchlast',
    rule: 'A follower acknowledges what an offer verified, not all it holds.',
    file: SEQUENCING,
    from: 'Math.max(state.verified, offer.prevIndex + offer.entries.length)',
    to: 'Math.max(state.verified, offer.prevIndex + offer.entries.length, state.log.lastIndex)',
    bounds: {},
  },
  {
    name: 'oldverified',
    rule: 'What was verified under one term is not under the next.',
    file: SEQUENCING,
    from: 'verified: state.promised.n === term.n && state.promised.owner === term.owner ? state.verified : 0,',
    to: 'verified: state.verified,',
    bounds: {},
  },
  {
    name: 'ackall',
    rule: 'An acknowledgement stops where verification did.',
    file: LETTERS,
    from: 'match: Math.min(context.durable.last, context.verified),',
    to: 'match: context.durable.last,',
    bounds: {},
  },
  {
    name: 'nocut',
    rule: 'An entry that differs replaces what stood there.',
    file: REPLICATION,
    from: 'entries.length > 0 && index <= log.lastIndex ? index : null;',
    to: 'entries.length > 0 && index <= log.lastIndex && index === 0 ? index : null;',
    bounds: {},
  },
  {
    name: 'alwayscut',
    rule: 'An old batch does not cut what came after it.',
    file: REPLICATION,
    from: 'entries.length > 0 && index <= log.lastIndex ? index : null;',
    to: 'index <= log.lastIndex ? index : null;',
    bounds: { terms: 2 },
  },
  {
    name: 'skipall',
    rule: 'Only entries of the same term are taken for present.',
    file: REPLICATION,
    from: 'if (!log.holds(index, entry.term)) break;',
    to: 'if (log.at(index) === undefined || entry === undefined) break;',
    bounds: {},
  },
  {
    name: 'blindcommit',
    rule: 'A replica calls committed only what it has verified.',
    file: REPLICATION,
    from: 'Math.max(commit, Math.min(told, verified));',
    to: 'Math.max(commit, told, verified > 0 ? 0 : 0);',
    bounds: { terms: 2, entries: 2 },
  },
  {
    name: 'oldack',
    rule: 'An acknowledgement counts only for the term it was given.',
    file: RULES,
    from: '  isSameTerm(event.term, context.promised) &&\n  context.followers.some(',
    to: '  context.followers.some(',
    bounds: {},
  },
];

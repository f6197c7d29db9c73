/** What must be on the disk first: one rule switched off at a time. */
import type { Mutant } from './mutant.js';

const SEQUENCING = 'machines/values/sequencing.ts';
const RULES = 'machines/sequencer-rules.ts';
const LETTERS = 'machines/sequencer-letters.ts';

const slow = { terms: 2, entries: 1, slowDisks: true };

export const DISKS_MUTANTS: readonly Mutant[] = [
  {
    name: 'ackearly',
    rule: 'An acknowledgement waits for the disk.',
    file: LETTERS,
    from: 'match: Math.min(context.durable.last, context.verified),',
    to: 'match: context.verified,',
    bounds: slow,
  },
  {
    name: 'promiseearly',
    rule: 'A promise is on the disk before anybody hears of it.',
    file: RULES,
    from: "event.type === 'journal.persisted' && isSameTerm(event.promised, context.promised);",
    to: "event.type === 'journal.persisted';",
    bounds: slow,
  },
  {
    name: 'repeatearly',
    rule: 'A promise is repeated only once it is on the disk.',
    file: RULES,
    from: "  judgeCollect(promised, event.term) === 'repeat' &&\n  isSameTerm(durable.promised, promised) &&\n  durable.last >= log.lastIndex;",
    to: "  judgeCollect(promised, event.term) === 'repeat' && durable !== undefined && log !== undefined;",
    bounds: slow,
  },
  {
    name: 'nothingearly',
    rule: 'A heartbeat of a new term is answered once the term is on the disk.',
    file: RULES,
    from: '  isSameTerm(context.durable.promised, context.promised) &&\n  isEmpty(changeIn(context, event));',
    to: '  isEmpty(changeIn(context, event));',
    bounds: slow,
  },
  {
    name: 'oldwrite',
    rule: 'What an older write put on the disk does not count when a later one cuts it.',
    file: SEQUENCING,
    from: 'last: disk.write >= state.cutIn ? disk.last : Math.min(state.durable.last, disk.last),',
    to: 'last: disk.last,',
    bounds: slow,
  },
  {
    name: 'cutdurable',
    rule: 'What is cut is not on the disk any more.',
    file: SEQUENCING,
    from: ': { ...state.durable, last: Math.min(state.durable.last, change.truncateFrom - 1) },',
    to: ': state.durable,',
    bounds: slow,
  },
  {
    name: 'ownearly',
    rule: 'A coordinator counts itself once its own disk holds an entry.',
    file: SEQUENCING,
    from: 'isSeated(log.configuration, id, me.incarnation) ? durable.last : 0;',
    to: 'isSeated(log.configuration, id, me.incarnation) ? Math.max(durable.last, log.lastIndex) : 0;',
    bounds: slow,
  },
];

/** Who votes, and in which life of its disk: one rule switched off at a time. */
import type { Mutant } from './mutant.js';

const BALLOT = 'machines/values/ballot.ts';
const CONFIGURATION = 'machines/values/configuration.ts';
const QUORUM = 'machines/values/quorum.ts';
const RULES = 'machines/sequencer-rules.ts';

const changing = { terms: 2, changes: true };
const tied = { peers: 2, tie: true, terms: 2, entries: 2 };

export const VOTERS_MUTANTS: readonly Mutant[] = [
  {
    name: 'otherlife',
    rule: 'A log is given to a candidate only by the life that promised it.',
    file: RULES,
    from: ' &&\n  event.incarnation === context.me.incarnation;',
    to: ';',
    bounds: { losses: 1, terms: 2, entries: 1 },
  },
  {
    name: 'owncfg',
    rule: 'An election is judged under the configuration of the best log, not of the candidate.',
    file: BALLOT,
    from: '  const best = bestOf(promises);',
    to: '  const best = promises[0];',
    bounds: changing,
  },
  {
    name: 'hasty',
    rule: 'No change of voters before the one before it is committed.',
    file: RULES,
    from: '(commit >= Math.max(log.configurationIndex, openedAt) &&',
    to: '(commit >= openedAt &&',
    bounds: changing,
  },
  {
    name: 'notjoint',
    rule: 'A joint configuration elects and commits by majorities of both its halves.',
    file: QUORUM,
    from: `  isMajority(ids, configuration.voters, configuration.tie) &&
  (configuration.outgoing.length === 0 || isMajority(ids, configuration.outgoing, configuration.outgoingTie));`,
    to: '  isMajority(ids, configuration.voters, configuration.tie);',
    bounds: { terms: 3, entries: 2, changes: true },
  },
  {
    name: 'newonly',
    rule: 'A joint configuration commits what both its halves hold.',
    file: QUORUM,
    from: 'return outgoing.length === 0 ? incoming : Math.min(incoming, reached(outgoing, outgoingTie, match));',
    to: 'return incoming;',
    bounds: changing,
  },
  {
    name: 'nochain',
    rule: 'A configuration enters the log only behind a neighbour of its own.',
    file: RULES,
    from: 'isNeighbour(log.configuration, event.draft.body)));',
    to: 'isNeighbour !== undefined));',
    bounds: changing,
  },
  {
    name: 'singlestep',
    rule: 'New voters come by a joint configuration of the present ones.',
    file: CONFIGURATION,
    from: '|| countsAlike(outgoing(to), present);',
    to: '|| to.voters.length > 0;',
    bounds: changing,
  },
  {
    name: 'sameseats',
    rule: 'Another life of a voter is another voter.',
    file: CONFIGURATION,
    from: 'b.some((m) => m.id === id && m.incarnation === incarnation));',
    to: 'b.some((m) => m.id === id && incarnation !== undefined));',
    bounds: { losses: 1, terms: 2, entries: 3 },
  },
  {
    name: 'oldseats',
    rule: 'A seat belongs to one life of a disk: the next life has none.',
    file: CONFIGURATION,
    from: '(m) => m.id === id && m.incarnation === incarnation,',
    to: '(m) => m.id === id && incarnation !== undefined,',
    bounds: { losses: 1, terms: 2, entries: 2 },
  },
  {
    name: 'anypromise',
    rule: 'A promise counts only from the life that has the seat.',
    file: BALLOT,
    from: 'promises.filter((p) => isSeated(best.configuration, p.peer, p.incarnation));',
    to: 'promises.filter((p) => isSeated !== undefined && p.peer !== undefined);',
    bounds: { losses: 1, terms: 2, entries: 2 },
  },
  {
    name: 'anyfollower',
    rule: 'An acknowledgement counts only from the life that follows.',
    file: RULES,
    from: "f.id === event.from && (event.type === 'sequencer.rejected' || f.incarnation === event.incarnation),",
    to: 'f.id === event.from,',
    bounds: { losses: 1, terms: 2, entries: 2 },
  },
  {
    name: 'anyhalf',
    rule: 'Half of the voters decide only with the one that breaks the tie.',
    file: QUORUM,
    from: '(excess === 0 && present.some((voter) => voter.id === tie));',
    to: '(excess === 0 && tie !== undefined);',
    bounds: tied,
  },
  {
    name: 'anyhalfholds',
    rule: 'Half of the voters commit only what the one that breaks the tie holds too.',
    file: QUORUM,
    from: 'Math.min(match(breaker.id), descending[voters.length / 2 - 1] ?? 0);',
    to: 'descending[voters.length / 2 - 1] ?? 0;',
    bounds: tied,
  },
  {
    name: 'othertie',
    rule: 'Each half of a joint configuration has its own tie.',
    file: QUORUM,
    from: 'isMajority(ids, configuration.outgoing, configuration.outgoingTie));',
    to: 'isMajority(ids, configuration.outgoing, configuration.tie));',
    bounds: { ...tied, terms: 3, changes: true },
  },
  {
    name: 'tieatonce',
    rule: 'Who breaks the tie changes jointly.',
    file: CONFIGURATION,
    from: 'hasSameSeats(a, b) && tie === otherTie;',
    to: "hasSameSeats(a, b) && (tie === otherTie || tie !== '');",
    bounds: { ...tied, changes: true },
  },
  {
    name: 'seatless',
    rule: 'A peer stands only in the life that has a seat.',
    file: RULES,
    from: 'isSeated(log.configuration, me.id, me.incarnation);',
    to: 'isSeated !== undefined && log !== undefined && me !== undefined;',
    bounds: { losses: 1, terms: 2, entries: 2 },
  },
];

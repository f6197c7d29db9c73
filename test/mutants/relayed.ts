/**
 * Rules of work through others, switched off one at a time. Core walks hunt them: there, members hear the coordinator for one
 * another far more often than in whole clusters. What is no matter of safety (that what is submitted is passed on, that the
 * coordinator's APPEND ends it) heals with the network; stories see to that (test/scenarios/relayed.test.ts).
 *
 * One rule of safety is not here: that a lower promise rises with what is learnt. Only an old coordinator's entry that was sent,
 * lost on its own disk and comes last of all could show it, and 6,000 walks did not (test/machines/sequencer/relayed.ts does).
 */
import type { StorageMutant } from './storage.js';

const RELAY = 'machines/sequencer-relay.ts';

export const RELAYED: readonly StorageMutant[] = [
  {
    name: 'relays-uncommitted',
    rule: 'Whoever hears the coordinator for another tells it what is committed, and no more.',
    engine: 'core',
    file: RELAY,
    from: 'const { me, log, commit, promised: term } = context;',
    to: 'const { me, log, promised: term } = context;\n  const commit = log.lastIndex;',
  },
  {
    name: 'learns-forgetfully',
    rule: 'What is learnt of an older term takes no promise back.',
    engine: 'core',
    file: 'machines/sequencer-rules.ts',
    from: 'higherTerm(context.promised, termOf(event) ?? context.promised);',
    to: "(event.type === 'sequencer.relayed' ? event.term : undefined) ?? higherTerm(context.promised, termOf(event) ?? context.promised);",
  },
];

/** A coordinator that others hear and we do not: it is followed through one of them, and not disturbed. */
import type { ElectionEvent } from '../../../machines/election.js';
import {
  alive,
  following,
  having,
  hears4,
  heartbeat,
  relayed,
  suspected,
  term1,
  term3,
} from '../../support/elections.js';
import { elapsed } from '../../support/event-table.js';
import { configurationOf } from '../../support/members.js';

describe('a coordinator', () => {
  it('that others hear and we do not is followed, relayed, and not disturbed', () => {
    const { state, effects } = having(...relayed);

    expect(state).toBe('relayed');
    expect(effects).toEqual([{ type: 'relayed', coordinator: '4', through: '3', term: term1 }]);
    const back = having(...relayed, heartbeat('4', hears4));
    expect(back.state).toBe('direct');
    expect(back.effects).toEqual([{ type: 'followed', coordinator: '4', term: term1 }]);
  });

  it('is heard through another one when the first falls silent, and is the one that most is heard of', () => {
    const newer = { coordinator: '3', coordinatorFresh: true, term: term3, heard: ['2'] };
    const both = [...relayed, heartbeat('1', hears4)];
    const silent = having(...both, suspected('3'));
    const replaced = having(...relayed, suspected('3'), heartbeat('1', newer));

    expect(having(...both).effects).toEqual([]);
    expect(silent.effects).toEqual([{ type: 'relayed', coordinator: '4', through: '1', term: term1 }]);
    expect(replaced.effects).toEqual([{ type: 'relayed', coordinator: '3', through: '1', term: term3 }]);
    expect([silent.state, replaced.state]).toEqual(['relayed', 'relayed']);
  });

  it('is heard through whoever shows it by its heartbeats, once somebody has said that it is alive', () => {
    const resting = [...following, suspected('4'), heartbeat('1', hears4)];
    const { state, effects } = having(...resting, alive('4', term1));

    expect(state).toBe('relayed');
    expect(effects).toEqual([
      { type: 'relayed', coordinator: '4', through: '3', term: term1 },
      { type: 'relayed', coordinator: '4', through: '1', term: term1 },
    ]);
  });

  it('that has our promise meanwhile is told of anew afterwards', () => {
    const promise: ElectionEvent = { type: 'term.promised', term: term1 };
    const timeout: ElectionEvent = elapsed('coordinatorTimeout', 'election.following.promised');
    const { state, effects } = having(...relayed, promise, timeout);

    expect([state, effects]).toEqual(['relayed', having(...relayed).effects]);
  });

  it('is followed by a learner too', () => {
    const configuration = configurationOf(['1', '3', '4'], { learners: ['2'] });
    const learning = [...following, { type: 'configuration.changed', configuration } as const];

    expect(having(...learning, heartbeat('3', hears4), suspected('4')).state).toBe('relayed');
    const waiting = [...learning, suspected('4')];
    expect(having(...waiting).state).toBe('waiting');
    const grace: ElectionEvent = elapsed('joinGrace', 'election.waiting');
    expect(having(...waiting, heartbeat('3', hears4), grace).state).toBe('relayed');
  });

  it('that others hear is followed even if we last heard of another', () => {
    const news = heartbeat('3', { coordinator: '3', coordinatorFresh: true, term: term3 });
    const { state, effects } = having(...following, news, suspected('4'));

    expect(state).toBe('direct');
    expect(effects).toEqual([{ type: 'followed', coordinator: '3', term: term3 }]);
  });

  it('that others hear no more is replaced', () => {
    const timeout: ElectionEvent = elapsed('coordinatorTimeout', 'election.following.relayed');

    expect(having(...relayed, timeout).state).toBe('relayed');
    expect(having(...relayed, heartbeat('3')).state).toBe('challenging');
  });
});

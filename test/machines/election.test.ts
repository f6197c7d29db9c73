import { type ElectionEvent, electionMachine } from '../../machines/election.js';
import * as rules from '../../machines/election-rules.js';
import { expectFullCoverage } from '../support/coverage.js';
import {
  abandoned,
  alive,
  announcement,
  answer,
  awaiting,
  challenge,
  challenging,
  ended,
  established,
  everybodyHeard,
  followed,
  following,
  handoverFailed,
  handoverOffered,
  having,
  havingOf,
  hears4,
  heartbeat,
  holding,
  isolated,
  measured,
  peer,
  reconfigured,
  relayed,
  resting,
  rivalled,
  sent,
  suspected,
  term1,
  term2,
  term3,
  unrivalled,
  winning,
  yielding,
} from '../support/elections.js';
import { elapsed } from '../support/event-table.js';
import { configurationOf, term } from '../support/members.js';
import './election/classic.js';
import './election/office.js';
import './election/relayed.js';

describe('an election', () => {
  it('waits for a coordinator to be heard before it starts one', () => {
    const { state, effects } = having();

    expect([state, effects]).toEqual(['waiting', []]);
  });

  it('starts when a voter has heard of no coordinator all that time', () => {
    const { state } = having(...everybodyHeard, elapsed('joinGrace', 'election.waiting'));

    expect(state).toBe('challenging');
  });

  it('is never started by one who may not vote', () => {
    const learner = peer('2', { configuration: configurationOf(['1', '3', '4'], { learners: ['2'] }) });
    const grace: ElectionEvent = elapsed('joinGrace', 'election.waiting');

    expect(havingOf(learner, ...everybodyHeard, grace).state).toBe('waiting');
    expect(havingOf(learner, ...following, suspected('4'))).toMatchObject({
      state: 'waiting',
      effects: [{ type: 'lost', term: term1 }],
      context: { coordinator: null },
    });
  });

  // Garcia-Molina 1982, §III: only higher members are asked.
  it('asks the higher members that are heard when the coordinator is suspected', () => {
    const { state, effects, context } = having(...following, suspected('4'));

    expect(state).toBe('challenging');
    expect(effects).toEqual([
      { type: 'lost', term: term1 },
      { type: 'send', to: ['3'], message: { type: 'election.start', from: '2', round: 1 } },
    ]);
    expect(context.coordinator).toBeNull();
  });

  it('asks nobody who has lost the right to vote', () => {
    const { state } = having(...following, reconfigured(['1', '2', '4']), suspected('4'));

    expect(state).toBe('winning');
  });

  it('is started too when the coordinator says that it coordinates no more', () => {
    const { state } = having(...following, heartbeat('4'));

    expect(state).toBe('challenging');
    expect(having(...relayed, heartbeat('4')).state).not.toBe('direct');
  });

  it('is left alone while a quorum is not heard', () => {
    const { state, effects } = having(...following, suspected('1'), suspected('3'), suspected('4'));

    expect(state).toBe('isolated');
    expect(effects).toEqual([{ type: 'lost', term: term1 }]);
    expect(having(...isolated, heartbeat('3')).state).toBe('isolated');
    expect(having(...isolated, heartbeat('3'), heartbeat('1')).state).toBe('challenging');
  });

  it('counts only members that hear us too', () => {
    const { state } = having(...isolated, heartbeat('3'), heartbeat('1', { heard: ['3', '4'] }));

    expect(state).toBe('isolated');
  });

  it('is won when no higher member is there to be asked', () => {
    const highest = havingOf(peer('4'), ...everybodyHeard, followed('3', term1), suspected('3'));

    expect(highest.state).toBe('winning');
    expect(highest.effects.at(-1)).toEqual({ type: 'won', handoverOf: null });
  });

  it('is won when nobody higher answers in time', () => {
    const { state, effects } = having(...winning);

    expect(state).toBe('winning');
    expect(effects).toEqual([{ type: 'won', handoverOf: null }]);
  });

  it('is left to a higher member that answers, and taken up again if that one does not win', () => {
    expect(having(...challenging, answer('3', true)).state).toBe('awaitingCoordinator');

    const again = having(...awaiting, elapsed('coordinatorTimeout', 'election.awaitingCoordinator'));
    expect(again.state).toBe('challenging');
    expect(sent(again.effects)).toMatchObject([{ message: { type: 'election.start', round: 2 } }]);
  });

  // Its OK may be lost: whoever has our promise is about to lead all the same.
  it('is left to a candidate that has our promise', () => {
    const promised: ElectionEvent = { type: 'term.promised', term: term(2, '3') };

    expect(having(...challenging, promised).state).toBe('awaitingCoordinator');
  });

  it('is not left to a member that is alive but not fit to lead, nor by an answer to an earlier round', () => {
    expect(having(...challenging, answer('3', false)).state).toBe('challenging');
    expect(having(...challenging, answer('3', true, 0)).state).toBe('challenging');
  });

  it('is tried again after a rest when the term was not won, and when nobody says so', () => {
    expect(having(...resting, elapsed('restTimeout', 'election.resting')).state).toBe('challenging');
    expect(having(...winning, elapsed('winTimeout', 'election.winning')).state).toBe('resting');
  });

  it('waits twice as long with every attempt, at most eight times, and anew once a coordinator is there', () => {
    const again = [elapsed('restTimeout', 'election.resting'), ...winning.slice(-1), abandoned];
    const patienceAfter = (rounds: number) => {
      const events = [...resting, ...Array.from({ length: rounds }, () => again).flat()];
      return rules.patience(having(...events).context, 100);
    };

    for (const [rounds, wholeMs] of [100, 200, 400, 800, 800, 800].entries()) {
      expect(patienceAfter(rounds)).toBeGreaterThanOrEqual(wholeMs);
      expect(patienceAfter(rounds)).toBeLessThan(1.5 * wholeMs);
    }
    expect(having(...resting, followed('3', term3)).context.attempts).toBe(0);
  });
});

describe('an ELECTION of a lower member', () => {
  it('is answered, and makes us challenge those above ourselves', () => {
    const { state, effects } = having(...everybodyHeard, challenge('1'));

    expect(state).toBe('challenging');
    expect(sent(effects)).toMatchObject([
      { to: ['1'], message: { type: 'election.answer', from: '2', round: 7, fit: true } },
      { to: ['3', '4'], message: { type: 'election.start' } },
    ]);
  });

  it('makes us challenge too when the coordinator we follow does not hear a quorum', () => {
    expect(having(...following, challenge('1')).state).toBe('challenging');
  });

  it('is answered, and no more, by a member that has begun already', () => {
    for (const history of [challenging, awaiting, winning]) {
      const { state, effects } = having(...history, challenge('1'));

      expect(state).toBe(having(...history).state);
      expect(effects).toMatchObject([{ to: ['1'], message: { type: 'election.answer', fit: true } }]);
    }
  });

  // An unfit higher member that silenced the lower ones would block everybody for ever.
  it.each([
    ['hears no quorum', isolated],
    ['has heard nobody yet', [followed('4', term1)]],
    ['is on its way out', [...following, heartbeat('2', { fit: false })]],
  ])('is answered without a claim by a member that %s', (_, history) => {
    const { state, effects } = having(...history, challenge('1'));

    expect(state).toBe(having(...history).state);
    expect(effects).toMatchObject([{ to: ['1'], message: { type: 'election.answer', fit: false } }]);
  });

  it('is told of a coordinator that works', () => {
    const { state, effects } = having(...following, heartbeat('4', hears4), challenge('1'));

    expect(state).toBe('direct');
    expect(effects).toEqual([
      {
        type: 'send',
        to: ['1'],
        message: { type: 'election.alive', from: '2', term: term1, coordinator: '4' },
      },
    ]);
  });

  it('is told by the coordinator itself who coordinates', () => {
    const { effects } = having(...unrivalled, challenge('1'));

    expect(effects).toEqual([
      { type: 'send', to: ['1'], message: { type: 'election.coordinator', from: '2', term: term2 } },
    ]);
  });
});

it('an ELECTION of a higher member is no business of ours', () => {
  for (const history of [everybodyHeard, following, isolated, challenging, awaiting, winning]) {
    const { state, effects } = having(...history, challenge('3'));

    expect([state, effects]).toEqual([having(...history).state, []]);
  }
});

describe('a coordinator', () => {
  it('is not proved alive by what a stranger says, by a stale word, or by who believes it is us', () => {
    for (const said of [
      { from: '9' },
      { term: term(0, '4') },
      { coordinator: '2' },
      { quorumConnected: false },
    ]) {
      const hearsay = { ...heartbeat('3', hears4), ...said } as ElectionEvent;

      expect(having(...following, hearsay, suspected('4')).state).toBe('challenging');
    }
  });

  it('that is alive after all ends our challenge, and those who were told it was lost hear that it is not', () => {
    const heard = having(...challenging, heartbeat('4', hears4), alive('4', term1));
    const unheard = having(...challenging, alive('4', term1));

    expect([heard.state, unheard.state]).toEqual(['direct', 'relayed']);
    expect(heard.effects).toEqual([{ type: 'followed', coordinator: '4', term: term1 }]);
    expect(unheard.effects).toEqual([{ type: 'relayed', coordinator: '4', through: '3', term: term1 }]);
  });

  it('of a term that is over is not followed, nor are we ourselves', () => {
    for (const word of [announcement('3', term(0, '1')), alive('4', term(0, '1')), alive('2', term3)]) {
      const { state, effects } = having(...challenging, word);

      expect([state, effects]).toEqual(['challenging', []]);
    }
  });

  it('that announces itself, or whose APPEND is accepted, is followed whatever we were about to do', () => {
    for (const history of [everybodyHeard, following, isolated, challenging, awaiting, winning, unrivalled]) {
      const announced = having(...history, announcement('3', term3));
      expect(announced.effects).toEqual([{ type: 'followed', coordinator: '3', term: term3 }]);
      const appended = having(...history, followed('3', term3));

      for (const { state, context } of [announced, appended]) {
        expect(state).toBe('direct');
        expect(context).toMatchObject({ coordinator: '3', term: term3 });
      }
    }
  });

  it('tells every other member that it coordinates', () => {
    const { effects } = having(...winning, established);

    expect(effects).toEqual([
      {
        type: 'send',
        to: ['1', '3', '4'],
        message: { type: 'election.coordinator', from: '2', term: term2 },
      },
    ]);
  });

  it('is out of office when its term has ended, and lets others go first', () => {
    const { state, effects, context } = having(...unrivalled, ended);

    expect(state).toBe('deposed');
    expect(effects).toEqual([{ type: 'lost', term: term2 }]);
    expect(context.coordinator).toBeNull();
  });

  // It has lost its quorum sooner than it suspects those that made it up.
  it('asks nobody to wait for it once it is deposed, and runs again if nobody comes', () => {
    const late = elapsed('coordinatorTimeout', 'election.deposed') as ElectionEvent;

    expect(having(...unrivalled, ended, challenge('1')).effects).toMatchObject([
      { type: 'send', to: ['1'], message: { type: 'election.answer', fit: false } },
    ]);
    expect(having(...unrivalled, ended, challenge('3')).effects).toEqual([]);
    expect(having(...rivalled, ended, late).state).toBe('challenging');
  });
});

describe('a takeover', () => {
  it('is offered to the highest member above the coordinator once it has been ready long enough', () => {
    expect(having(...rivalled).state).toBe('rivalled');
    expect(having(...yielding).effects).toEqual([{ type: 'yielding', successor: '3' }]);
  });

  it('is not offered to a member that goes away, lags, or is not fit', () => {
    expect(having(...rivalled, suspected('3')).state).toBe('unrivalled');
    expect(having(...rivalled, heartbeat('3', { fit: false })).state).toBe('unrivalled');
    expect(having(...rivalled, measured({ 3: 65 })).state).toBe('unrivalled');
  });

  it('is never offered by a cluster that keeps its coordinator', () => {
    const { state, effects } = havingOf(peer('2', { takeover: 'never' }), ...yielding);

    expect([state, effects]).toEqual(['rivalled', []]);
  });

  it('is not tried again for a while when it failed, or when nothing came of it', () => {
    const timeout: ElectionEvent = elapsed('handoverTimeout', 'election.coordinating.yielding');

    expect(having(...yielding, handoverFailed).state).toBe('holding');
    expect(having(...yielding, timeout).state).toBe('holding');
    expect(having(...holding, elapsed('holdDown', 'election.coordinating.holding')).state).toBe('rivalled');
  });

  it('lets the successor run at once, and say whose term it takes over', () => {
    const { state, effects } = having(...following, handoverOffered);

    expect(state).toBe('winning');
    expect(effects).toEqual([{ type: 'won', handoverOf: term1 }]);
    const rest = elapsed('restTimeout', 'election.resting');
    const { context } = having(...following, handoverOffered, abandoned, rest);
    expect(context).toMatchObject({ handoverOf: null });
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(electionMachine));

/** The meeting's chart, sentence by sentence (PROTOCOL §9, J1). */
import { type MeetingEvent, type MeetingInput, meetingMachine } from '../../machines/meeting.js';
import { agreementOf, companyOf, foundationOf } from '../../machines/values/meeting.js';
import type { Member, PeerId } from '../../transport/protocol.js';
import { expectFullCoverage } from '../support/coverage.js';
import { configurationOf, member } from '../support/members.js';
import { after, type Effect, start, step } from '../support/step.js';

const company = ['1', '2', '3'].map((id) => member(id));
const input: MeetingInput = { me: member('2'), expected: 3, company: null, heartbeatIntervalMs: 50 };

const met = (id: PeerId): MeetingEvent => ({ type: 'connection.opened', remote: member(id) });
const lost = (id: PeerId): MeetingEvent => ({ type: 'connection.closed', remote: id });
const report = (
  from: PeerId,
  members: readonly Member[] = company,
  agreed = false,
  founded = false,
): MeetingEvent => ({ type: 'meeting.report', from, members, agreed, founded });
const recorded: MeetingEvent = {
  type: 'meeting.recorded',
  configuration: agreementOf(company).body as never,
};
const voting = (...voters: readonly Member[]): MeetingEvent => ({
  type: 'configuration.changed',
  configuration: configurationOf(voters.map(({ id }) => id)),
});
const erased: MeetingEvent = { type: 'meeting.recorded', configuration: configurationOf([]) };

const gathering = [met('1'), met('3'), report('1')];
const hearing = [...gathering, report('3', [])];
const agreeing = [...gathering, report('3')];
const agreed = [...agreeing, recorded];

function having(events: readonly MeetingEvent[], of = input): { state: unknown; effects: readonly Effect[] } {
  const [first, begun] = start(meetingMachine, of);
  const [now, effects] = events.reduce<[typeof first, Effect[]]>(
    ([snapshot], event) => step(meetingMachine, snapshot, event),
    [first, begun],
  );
  return { state: now.value, effects };
}

const tick = (events: readonly MeetingEvent[], state: string) => {
  const [first] = start(meetingMachine, input);
  const now = events.reduce((snapshot, event) => step(meetingMachine, snapshot, event)[0], first);
  return after(meetingMachine, now, 'heartbeatInterval', `meeting.${state}`);
};

describe('a meeting', () => {
  it('agrees once all of the company see the same company', () => {
    expect(having(gathering).state).toBe('gathering');
    expect(having([...gathering, report('3', company.slice(1))]).state).toBe('gathering');
    expect(having(agreeing)).toEqual({
      state: 'agreeing',
      effects: [{ type: 'record', entry: agreementOf(company) }],
    });
  });

  it('says nothing of its agreement before that is on disk', () => {
    expect(having([...agreeing, report('1', company, true)]).effects).toEqual([]);
    expect(having(agreed).effects).toEqual([
      {
        type: 'send',
        to: ['1', '3'],
        message: { type: 'meeting.report', from: '2', members: company, agreed: true, founded: false },
      },
    ]);
  });

  it('is the business of the highest, where more come than are expected', () => {
    const others = ['3', '4', '5'].map((id) => member(id));
    const five = [
      met('1'),
      met('3'),
      met('4'),
      met('5'),
      report('3', others),
      report('4', others),
      report('5', others),
    ];

    expect(companyOf([...company, member('5'), member('4')], 3)).toEqual(others);
    expect(having(five).state).toBe('gathering');
  });

  it('tells a newcomer at once that it meets, while it does', () => {
    expect(having([met('1')]).effects).toMatchObject([
      { to: ['1'], message: { members: [], agreed: false } },
    ]);
    expect(having([...agreed, met('4')]).effects).toEqual([]);
  });

  it('does not wait for those who say nothing of a meeting', () => {
    expect(having([met('9'), ...agreeing]).state).toBe('agreeing');
  });

  // Found when peers stopped dialling each other at every heartbeat: until then some channel or other failed in time.
  it('takes a company that one of them has agreed to for its own, though it has met a higher one meanwhile', () => {
    const five = [...gathering, met('5'), report('3', company, true)];
    const lost4 = [met('4'), report('4', [member('2'), member('4'), member('6')], true)];

    expect(having(five)).toMatchObject({ state: 'agreeing', effects: [{ entry: agreementOf(company) }] });
    // Not one whose members it does not all see.
    expect(having([...gathering, ...lost4]).state).toBe('gathering');
    expect(tick([...hearing, ...lost4], 'gathering')[1]).toMatchObject([
      { message: { members: ['2', '3', '4'].map((id) => member(id)), agreed: false } },
    ]);
  });

  it('founds once all have agreed, and not before', () => {
    const all = [...agreed, report('1', company, true)];

    expect(having(all).state).toBe('agreed');
    expect(having([...all, report('3', company, true)])).toEqual({
      state: 'founded',
      effects: [{ type: 'found', entry: foundationOf(company) }],
    });
  });

  it('does not count an agreement with others, and withdraws its own for it', () => {
    const others = [member('3'), member('4'), member('5')];
    const forsaken = [...agreed, report('3', others, true)];

    expect(having(forsaken)).toEqual({ state: 'withdrawing', effects: [{ type: 'erase' }] });
    expect(having([...forsaken, recorded]).state).toBe('withdrawing');
    expect(having([...forsaken, erased]).state).toBe('gathering');
  });

  it('remembers with whom it had agreed when it was stopped', () => {
    expect(having([], { ...input, company }).state).toBe('agreed');
  });

  it('does not agree with another life of a peer that has been stopped since', () => {
    const again = { ...member('3'), incarnation: 'again' };

    expect(having([...gathering, { type: 'connection.opened', remote: again }, report('3')]).state).toBe(
      'gathering',
    );
  });

  it('forgets whom it does not see any more', () => {
    expect(having([...gathering, lost('1'), report('3')]).state).toBe('gathering');
  });

  it('goes on telling, while it waits', () => {
    expect(tick(hearing, 'gathering')[1]).toMatchObject([{ message: { members: company, agreed: false } }]);
    expect(tick(agreed, 'agreed')[1]).toMatchObject([{ message: { members: company, agreed: true } }]);
  });

  it('tells those who come late what was agreed', () => {
    const founded = [...agreed, report('1', company, true), report('3', company, true)];

    expect(having([...founded, report('3', company, true)]).effects).toMatchObject([
      { to: ['3'], message: { members: company, agreed: true, founded: true } },
    ]);
  });

  // Found by a seed of the classroom: two of them thanked each other 1,600 times a second.
  it('does not answer the answer of another that has founded', () => {
    const founded = [...agreed, report('1', company, true), report('3', company, true)];

    expect(having([...founded, report('3', company, true, true)])).toEqual({ state: 'founded', effects: [] });
  });

  it('ends when others have taken us in, and not for a configuration in which nobody votes', () => {
    for (const [events, state] of [
      [gathering, 'gathering'],
      [agreed, 'agreed'],
    ] as const) {
      expect(having([...events, voting()]).state).toBe(state);
      expect(having([...events, voting(member('3'))]).state).toBe('joined');
    }
    expect(having([...agreed, voting(member('3')), report('3', company, true)])).toEqual({
      state: 'joined',
      effects: [],
    });
  });

  it('takes every way through its chart', () => {
    expectFullCoverage(meetingMachine);
  });
});

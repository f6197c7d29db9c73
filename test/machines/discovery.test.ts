import { type DiscoveryEvent, discoveryMachine } from '../../machines/discovery.js';
import { expectFullCoverage } from '../support/coverage.js';
import { elapsed, eventTable, having as havingIn } from '../support/event-table.js';

const found: DiscoveryEvent = { type: 'company.found' };
const lost: DiscoveryEvent = { type: 'company.lost' };
const heard: DiscoveryEvent = { type: 'discovery.heard', address: '10.0.0.7:7001' };
const soon: DiscoveryEvent = elapsed('callInterval', 'discovery.asking.calling');
const later: DiscoveryEvent = elapsed('askInterval', 'discovery.asking.waiting');

const having = (...events: readonly DiscoveryEvent[]) => {
  const [{ value, context }, effects] = havingIn(discoveryMachine, undefined as never, events);
  return { state: nameOf({ value }), calls: context.calls, effects };
};
const nameOf = ({ value }: { value: unknown }): string =>
  typeof value === 'string' ? value : (Object.values(value as object)[0] as string);

describe('discovery', () => {
  it('asks three times, shortly after one another, and then again and again', () => {
    expect(having()).toMatchObject({ state: 'calling', calls: 1 });
    expect(having(soon)).toMatchObject({ state: 'calling', calls: 2, effects: [{ type: 'ask' }] });
    expect(having(soon, soon)).toMatchObject({ calls: 3, effects: [{ type: 'ask' }] });
    expect(having(soon, soon, soon)).toMatchObject({ state: 'waiting', effects: [] });
    expect(having(soon, soon, soon, later)).toMatchObject({
      state: 'calling',
      calls: 1,
      effects: [{ type: 'ask' }],
    });
  });

  it('tells of whoever is heard while it has no company, and listens to nobody once it has', () => {
    expect(having(heard).effects).toMatchObject([{ type: 'located', address: '10.0.0.7:7001' }]);
    expect(having(found, heard)).toMatchObject({ state: 'found', effects: [] });
  });

  it('asks anew when it is alone again', () => {
    expect(having(found, lost)).toMatchObject({ state: 'calling', calls: 1, effects: [{ type: 'ask' }] });
  });

  it('has an answer to every event in every state', () => {
    const states = { calling: [], waiting: [soon, soon, soon], found: [found] };
    const events = { found, lost, heard };

    expect(eventTable(discoveryMachine, undefined as never, states, events, nameOf)).toBe(`
       calling   waiting   found
found  found     found     ·
lost   ·         ·         calling!
heard  calling!  waiting!  ·
`);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(discoveryMachine));

import { definitionOf } from '../../actors/index.js';
import { readChart, transitionsOf } from '../../apps/classroom/charts/chart-model.js';
import { exampleOf } from '../../apps/classroom/charts/examples.js';
import { createInspection } from '../../apps/classroom/charts/inspection.js';
import { toMermaid } from '../../apps/classroom/charts/mermaid.js';
import { gameOf } from '../../apps/classroom/charts/play.js';
import { PLAYABLE } from '../../apps/classroom/charts/playable.js';
import { SHIPPED } from '../../apps/classroom/charts/shipped.js';
import * as machines from '../../machines/index.js';
import { LinkMessage, Message } from '../../transport/index.js';
import { foreignMachines } from './charts-machines.js';

/** Every message of the wire with its fields, as the build ships them. */
const WIRE = [LinkMessage, ...Message.options].flatMap((group) =>
  group.options.map((schema) => {
    const { type, ...fields } = schema.unwrap().shape;
    return { type: String([...type.values][0]), label: '', meaning: '', fields: Object.keys(fields) };
  }),
);
const fieldsOf = (type: string) => WIRE.find((message) => message.type === type)?.fields;

describe('a shipped machine is played', () => {
  it('by the very objects that peers run', () => {
    const exported = Object.values(machines) as readonly unknown[];

    expect(PLAYABLE.filter((machine) => !exported.includes(machine))).toEqual([]);
    expect(SHIPPED.length).toBe(PLAYABLE.length + 2);
  });

  it.each(PLAYABLE.map((machine) => [machine.id, machine] as const))(
    'from its start, and bears every event of its chart: %s',
    (_, machine) => {
      const definition = definitionOf(machine.config);
      const chart = readChart(definition);
      const game = gameOf(chart, definition, WIRE);
      const first = game.begin();
      const events = transitionsOf(chart).filter(
        ({ when, trigger }) => when === 'event' && !trigger.includes('*'),
      );

      for (const { trigger } of events)
        expect(typeof game.next(first, game.eventFor(trigger, first)).state).toBe('string');
      expect(game.isReal).toBe(true);
      expect(first.state).not.toBe('');
    },
  );

  it('with messages that the wire would carry', () => {
    const heard = new Set(
      PLAYABLE.flatMap(({ config }) => transitionsOf(readChart(definitionOf(config)))).map(
        ({ trigger }) => trigger,
      ),
    );
    const messages = WIRE.filter(({ type }) => heard.has(type));
    expect(messages.length).toBeGreaterThan(30);

    for (const { type, fields } of messages) {
      const group = type.startsWith('link.') ? LinkMessage : Message;
      const { error } = group.safeParse(exampleOf(type, fields));
      expect([type, error?.issues ?? []]).toEqual([type, []]);
    }
  });

  it('through an election, its effects told and its timers waiting to be chosen', () => {
    const definition = definitionOf(machines.electionMachine.config);
    const game = gameOf(readChart(definition), definition, WIRE);
    const waiting = game.begin();
    expect(game.choicesAt(waiting).get('after joinGrace')).toBe(true);

    const isolated = game.next(waiting, game.eventFor('after joinGrace', waiting));
    const followed = game.next(isolated, exampleOf('election.coordinator', fieldsOf('election.coordinator')));

    expect(isolated.state).toBe('isolated');
    expect(isolated.effects.map(({ type }) => type)).toContain('lost');
    expect(game.choicesAt(isolated).has('after joinGrace')).toBe(false);
    expect(followed.state).toBe('following.direct');
  });
});

describe('a machine whose code is not here is played by its structure', () => {
  const { light } = foreignMachines;
  const game = gameOf(readChart(light), light, null);

  it('whoever plays choosing what happens', () => {
    const green = game.begin();
    expect([...game.choicesAt(green).keys()]).toEqual(['FAULT', 'NEXT', 'after 30000 ms']);

    const yellow = game.next(green, game.eventFor('after 30000 ms', green));
    const red = game.next(yellow, game.eventFor('NEXT', yellow));
    const hurried = game.next(red, game.eventFor('HURRY', red));

    expect(yellow.state).toBe('yellow');
    expect(hurried.state).toBe('red.{cars.stopped,walkers.waiting}');
    expect(game.next(hurried, game.eventFor('FAULT', hurried)).state).toBe('broken');
  });

  it.each(SHIPPED.map((machine) => [machine.id, machine] as const))('%s too', (_, machine) => {
    const definition = definitionOf(machine.config);

    expect(gameOf(readChart(definition), definition, null).begin().state).not.toBe('');
  });
});

describe('a chart as Mermaid', () => {
  it('has its states, regions and arrows, and none to a composite inside a region', () => {
    const text = toMermaid(foreignMachines.light);

    expect(text).toBe(`stateDiagram-v2
  state "green" as green
  [*] --> green
  state "yellow" as yellow
  state "red" as red {
    state "cars" as red_cars {
      state "stopped" as red_cars_stopped
      [*] --> red_cars_stopped
    }
    --
    state "walkers" as red_walkers {
      state "walking" as red_walkers_walking
      [*] --> red_walkers_walking
      state "waiting" as red_walkers_waiting
    }
  }
  state "broken" as broken
  broken --> [*]
  green --> broken : FAULT
  yellow --> broken : FAULT
  red --> broken : FAULT
  broken --> broken : FAULT
  green --> yellow : NEXT
  green --> yellow : after 30000 ms
  yellow --> red : NEXT
  red --> green : NEXT
  red_walkers_walking --> red_walkers_waiting : HURRY
  red_walkers_walking --> red_walkers_walking : REPEAT
`);
  });
});

describe('what a program tells of itself', () => {
  const frame = (type: string, sessionId: string, more: object) => ({
    type: `@xstate.${type}`,
    sessionId,
    ...more,
  });
  const at = (value: unknown, context = {}) => ({ status: 'active', value, context });

  it('is kept as a tree of actors, each as it was at any place', () => {
    const inspection = createInspection();
    const definition = JSON.stringify(foreignMachines.light);
    inspection.keep(
      frame('actor', 'x:1', { name: 'light', parentId: 'x:0', definition, snapshot: at('green') }),
    );
    inspection.keep(
      frame('actor', 'x:0', { name: 'root', definition: '{"id":"root"}', snapshot: at(undefined) }),
    );
    inspection.keep(frame('event', 'x:1', { sourceId: 'x:0', event: { type: 'NEXT' } }));
    inspection.keep(frame('snapshot', 'x:1', { event: { type: 'NEXT' }, snapshot: at('yellow') }));

    expect(inspection.actors().map(({ name }) => name)).toEqual(['root', 'light']);
    expect(inspection.actors()[0]?.definition).toBe(null);
    expect([2, 3, 4].map((place) => inspection.faceAt('x:1', place)?.state)).toEqual([
      'green',
      'green',
      'yellow',
    ]);
    expect(inspection.faceAt('x:1', 0)).toBe(null);
    expect(inspection.recent(4, 9, null).map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(inspection.recent(4, 9, 'x:0').map(({ index }) => index)).toEqual([1, 2]);
    expect(inspection.recent(4, 1, 'x:1').map(({ kind }) => kind)).toEqual(['snapshot']);
    expect(inspection.stepAt('x:1', 4)).toEqual({ was: 'green', now: 'yellow', event: 'NEXT', turn: 3 });
  });

  it('is bounded, and how everybody stood then is known all the same', () => {
    const inspection = createInspection();
    inspection.keep(frame('actor', 'quiet', { name: 'quiet', snapshot: at('asleep') }));
    for (let turn = 0; turn < 30_000; turn += 1)
      inspection.keep(frame('snapshot', 'busy', { event: { type: 'TICK' }, snapshot: at(`s${turn}`) }));

    expect(inspection.end()).toBe(30_001);
    expect(inspection.end() - inspection.first()).toBeLessThanOrEqual(25_000);
    expect(inspection.faceAt('quiet', inspection.end())?.state).toBe('asleep');
  });

  it.each([
    null,
    7,
    'text',
    {},
    { type: '@xstate.actor' },
    { type: '@xstate.event', sessionId: 'x' },
    { type: 'x', sessionId: 'x' },
  ])('is no frame: %j', (told) => {
    const inspection = createInspection();

    expect(inspection.keep(told)).toBe(false);
    expect(inspection.end()).toBe(0);
  });
});

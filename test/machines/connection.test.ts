import type { ConnectionEvent } from '../../machines/connection.js';
import { connectionMachine } from '../../machines/connection.js';
import type { Rival } from '../../machines/values/greeting.js';
import {
  bind,
  channelClosed,
  channelOpened,
  close,
  drop,
  elapse,
  greet,
  hangUp,
  having,
  introductionOf,
  lost,
  opened,
  ourWelcome,
  refusal,
  superseded,
  theirHello,
  theirWelcome,
  theyDial,
  us,
  weDial,
} from '../support/connections.js';
import { start } from '../support/step.js';

describe('a connection the other side has dialled', () => {
  it('waits for a hello, patient or not', () => {
    for (const patient of [false, true]) {
      const [snapshot, effects] = start(connectionMachine, { ...theyDial, patient });

      expect([snapshot.value, effects]).toEqual(['greeting', []]);
    }
  });

  it('welcomes a hello, binds the channel and is open', () => {
    const [snapshot, effects] = having(theyDial, theirHello);

    expect([snapshot.value, snapshot.context.remote]).toEqual(['open', '3']);
    expect(effects).toEqual([greet(ourWelcome), bind, opened]);
  });

  it('refuses whom it does not want, and says why', () => {
    const [snapshot, effects] = having(theyDial, { ...theirHello, version: 9 } as ConnectionEvent);

    expect(snapshot.value).toBe('refused');
    expect(effects).toMatchObject([
      { type: 'greet', message: { type: 'link.refuse', from: '2', code: 'version-mismatch' } },
      hangUp,
      { type: 'refused', address: null, by: 'here', code: 'version-mismatch' },
    ]);
  });

  it('refuses a welcome: whoever dials says hello', () => {
    const [snapshot, effects] = having(theyDial, theirWelcome);

    expect(snapshot.value).toBe('refused');
    expect(effects.at(-1)).toMatchObject({ type: 'refused', by: 'here', code: 'bad-greeting' });
  });

  it('is refused in place of being greeted', () => {
    const [snapshot, effects] = having(theyDial, refusal('mode-mismatch'));

    expect(snapshot.value).toBe('refused');
    expect(effects.at(-1)).toMatchObject({ type: 'refused', address: null, by: 'there' });
  });

  it('gives way to a better channel', () => {
    const rival: Rival = { incarnation: 'of-1', dialled: 'here' };
    const lower: ConnectionEvent = { type: 'link.hello', from: '1', ...introductionOf('1'), rival };

    const [snapshot, effects] = having(theyDial, lower);

    expect(snapshot.value).toBe('superseded');
    expect(effects).toMatchObject([
      { type: 'greet', message: { type: 'link.refuse', code: 'already-connected' } },
      hangUp,
      lost(null, 'superseded'),
    ]);
  });

  it('ends when its channel does: there is nobody to dial', () => {
    const [greeting] = start(connectionMachine, theyDial);

    const outcomes = [
      having(theyDial, channelClosed),
      elapse(greeting, 'greetTimeout', 'greeting'),
      having(theyDial, drop),
      having(theyDial, close),
      having(theyDial, theirHello, channelClosed),
      having(theyDial, theirHello, drop),
      having(theyDial, theirHello, close),
    ];

    expect(outcomes.map(([snapshot]) => snapshot.value)).toEqual(Array(7).fill('closed'));
    expect(outcomes.map(([, effects]) => effects)).toEqual([
      [lost(null, 'closed-there')],
      [hangUp, lost(null, 'timed-out')],
      [hangUp, lost(null, 'dropped')],
      [hangUp],
      [lost('3', 'closed-there')],
      [hangUp, lost('3', 'dropped')],
      [hangUp, lost('3', 'closed-here')],
    ]);
  });
});

describe('an open connection', () => {
  const path = [channelOpened, theirWelcome];

  it('gives way when another channel has taken its place, even one we dialled', () => {
    const [snapshot, effects] = having(weDial, ...path, superseded);

    expect(snapshot.value).toBe('superseded');
    expect(effects).toEqual([lost('3', 'superseded')]);
  });

  // Both judge: whoever said hello judges the welcome last.
  it('ends when the other side, judging last, refuses or has a better channel', () => {
    const [refused, whenRefused] = having(theyDial, theirHello, refusal('mode-mismatch'));
    const [needless, whenNeedless] = having(theyDial, theirHello, refusal('already-connected'));

    expect(refused.value).toBe('refused');
    expect(whenRefused).toMatchObject([hangUp, lost('3', 'closed-there'), { type: 'refused', by: 'there' }]);
    expect(needless.value).toBe('superseded');
    expect(whenNeedless).toEqual([hangUp, lost('3', 'superseded')]);
  });

  it('has been greeted, and ignores further greetings', () => {
    for (const event of [theirHello, theirWelcome, channelOpened]) {
      const [snapshot, effects] = having(weDial, ...path, event);

      expect([snapshot.value, effects]).toEqual(['open', []]);
    }
  });
});

describe('a connection', () => {
  it('ignores greetings before there is a channel', () => {
    for (const event of [theirHello, theirWelcome, refusal('mode-mismatch')]) {
      const [snapshot, effects] = having(weDial, event);

      expect([snapshot.value, effects]).toEqual(['dialing', []]);
    }
  });

  it('introduces itself as it was last told to', () => {
    const introduction = { ...us, clusterId: 'c2' };

    const [, effects] = having(weDial, { type: 'connection.introduce', introduction }, channelOpened);

    expect(effects).toEqual([greet({ type: 'link.hello', from: '2', ...introduction })]);
  });
});

it('is covered: every state, every transition', () => expectFullCoverage(connectionMachine));

import { type ConnectionEvent, connectionMachine } from '../../machines/connection.js';
import type { Rival } from '../../machines/values/greeting.js';
import {
  betterRival,
  bind,
  CLIENT,
  channelClosed,
  channelOpened,
  close,
  dial,
  drop,
  elapse,
  greet,
  hangUp,
  having,
  introductionOf,
  lost,
  opened,
  ourHello,
  ourWelcome,
  refusal,
  superseded,
  theirHello,
  theirVisit,
  theirWelcome,
  theyDial,
  us,
  weDial,
} from '../support/connections.js';
import { expectFullCoverage } from '../support/coverage.js';
import { start, step } from '../support/step.js';

describe('a connection we dial', () => {
  it('dials at once', () => {
    const [snapshot, effects] = start(connectionMachine, weDial);

    expect(snapshot.value).toBe('dialing');
    expect(effects).toEqual([dial]);
  });

  it('waits first when it is patient, because the other side will probably dial', () => {
    const [waiting, effects] = start(connectionMachine, { ...weDial, patient: true });
    const [dialing, then] = elapse(waiting, 'backOff', 'backingOff');

    expect([waiting.value, effects]).toEqual(['backingOff', []]);
    expect([dialing.value, then]).toEqual(['dialing', [dial]]);
  });

  it('says hello once the channel is open', () => {
    const [snapshot, effects] = having(weDial, channelOpened);

    expect(snapshot.value).toBe('greeting');
    expect(effects).toEqual([greet(ourHello)]);
  });

  it('is open when it is welcome, and binds the channel before it says so', () => {
    const [snapshot, effects] = having(weDial, channelOpened, theirWelcome);

    expect([snapshot.value, snapshot.context.remote]).toEqual(['open', '3']);
    expect(effects).toEqual([bind, opened]);
  });

  it('forgets how hard it was to open once it has stayed open for a while', () => {
    const [open] = having(weDial, channelOpened, theirWelcome);

    const [steady, effects] = elapse(open, 'steadiness', 'open');
    expect([steady.value, steady.context.attempts, effects]).toEqual(['open', 0, []]);
  });

  it('backs off when nobody answers the dialling', () => {
    const [dialing] = start(connectionMachine, weDial);

    const [refused, whenRefused] = having(weDial, { type: 'channel.closed', reason: 'refused' });
    const [silent, whenSilent] = elapse(dialing, 'dialTimeout', 'dialing');

    expect([refused.value, whenRefused]).toEqual(['backingOff', [lost(null, 'refused')]]);
    expect([silent.value, whenSilent]).toEqual(['backingOff', [hangUp, lost(null, 'timed-out')]]);
  });

  it('backs off when nobody answers the greeting', () => {
    const [greeting] = having(weDial, channelOpened);

    const [closed, whenClosed] = step(connectionMachine, greeting, channelClosed);
    const [silent, whenSilent] = elapse(greeting, 'greetTimeout', 'greeting');

    expect([closed.value, whenClosed]).toEqual(['backingOff', [lost(null, 'closed-there')]]);
    expect([silent.value, whenSilent]).toEqual(['backingOff', [hangUp, lost(null, 'timed-out')]]);
  });

  it('backs off and dials again when an open channel is lost', () => {
    const [lonely, effects] = having(weDial, channelOpened, theirWelcome, channelClosed);
    const [dialing, then] = elapse(lonely, 'backOff', 'backingOff');

    expect([lonely.value, lonely.context.remote, effects]).toEqual([
      'backingOff',
      null,
      [lost('3', 'closed-there')],
    ]);
    expect([dialing.value, then]).toEqual(['dialing', [dial]]);
  });

  it('hangs up and backs off when it is dropped, wherever it stands', () => {
    const paths = [[], [channelOpened], [channelOpened, theirWelcome]];

    const outcomes = paths.map((path) => having(weDial, ...path, drop));

    expect(outcomes.map(([snapshot]) => snapshot.value)).toEqual(['backingOff', 'backingOff', 'backingOff']);
    expect(outcomes.map(([, effects]) => effects)).toEqual([
      [hangUp, lost(null, 'dropped')],
      [hangUp, lost(null, 'dropped')],
      [hangUp, lost('3', 'dropped')],
    ]);
  });

  it('ends when it is closed, wherever it stands', () => {
    const paths = [[], [channelOpened], [channelOpened, theirWelcome], [channelClosed]];

    const outcomes = paths.map((path) => having(weDial, ...path, close));

    expect(outcomes.map(([snapshot]) => snapshot.value)).toEqual(['closed', 'closed', 'closed', 'closed']);
    expect(outcomes.map(([, effects]) => effects)).toEqual([
      [hangUp],
      [hangUp],
      [hangUp, lost('3', 'closed-here')],
      [],
    ]);
    expect(outcomes.map(([snapshot]) => snapshot.status)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('lets a client in, and says so otherwise than of a peer', () => {
    const [snapshot, effects] = having(theyDial, theirVisit);

    expect(having({ ...theyDial, hasRoom: false }, theirVisit)[0].value).toBe('refused');
    expect([snapshot.value, snapshot.context.remote]).toEqual(['open', CLIENT]);
    expect(effects).toEqual([
      greet(ourWelcome),
      { type: 'bind', connection: 'k', remote: expect.objectContaining({ id: CLIENT }) },
      { type: 'visited', connection: 'k', client: CLIENT },
    ]);
  });

  it('is refused for good when the other side does not want us', () => {
    const [snapshot, effects] = having(weDial, channelOpened, refusal('mode-mismatch'));

    expect([snapshot.value, snapshot.status]).toEqual(['refused', 'done']);
    expect(effects).toEqual([
      hangUp,
      {
        type: 'refused',
        connection: 'k',
        address: '127.0.0.1:7003',
        by: 'there',
        code: 'mode-mismatch',
        detail: 'because',
      },
    ]);
  });

  it('refuses whoever answers, and says why, when that is not one to talk with', () => {
    const stranger = { ...theirWelcome, cluster: 'green' } as ConnectionEvent;
    const detail =
      '127.0.0.1:7003 belongs to cluster "green", peer 2 to "blue": use --cluster green or another seed';

    const [snapshot, effects] = having(weDial, channelOpened, stranger);

    expect(snapshot.value).toBe('refused');
    expect(effects).toEqual([
      greet({ type: 'link.refuse', from: '2', code: 'cluster-mismatch', detail }),
      hangUp,
      {
        type: 'refused',
        connection: 'k',
        address: '127.0.0.1:7003',
        by: 'here',
        code: 'cluster-mismatch',
        detail,
      },
    ]);
  });

  it('refuses another peer than the one it meant to reach', () => {
    const [snapshot, effects] = having({ ...weDial, expected: '7' }, channelOpened, theirWelcome);

    expect(snapshot.value).toBe('refused');
    expect(effects.at(-1)).toMatchObject({ type: 'refused', by: 'here', code: 'unexpected-id' });
  });

  it('refuses a hello: whoever is dialled says welcome', () => {
    const [snapshot, effects] = having(weDial, channelOpened, theirHello);

    expect(snapshot.value).toBe('refused');
    expect(effects.at(-1)).toMatchObject({ type: 'refused', by: 'here', code: 'bad-greeting' });
  });

  it('gives way when the other side has a better channel already', () => {
    const [snapshot, effects] = having(weDial, channelOpened, refusal('already-connected'));

    expect([snapshot.value, snapshot.status]).toEqual(['superseded', 'done']);
    expect(effects).toEqual([hangUp, lost(null, 'superseded')]);
  });

  it('gives way when we have a better channel already, and tells the other side', () => {
    const collision = { ...theirWelcome, rival: betterRival } as ConnectionEvent;

    const [snapshot, effects] = having(weDial, channelOpened, collision);

    expect(snapshot.value).toBe('superseded');
    expect(effects).toEqual([
      greet({
        type: 'link.refuse',
        from: '2',
        code: 'already-connected',
        detail: 'peers 2 and 3 have another channel already',
      }),
      hangUp,
      lost(null, 'superseded'),
    ]);
  });
});

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

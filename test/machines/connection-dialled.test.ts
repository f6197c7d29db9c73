import type { ConnectionEvent, ConnectionInput } from '../../machines/connection.js';
import { connectionMachine } from '../../machines/connection.js';
import {
  betterRival,
  bind,
  channelClosed,
  channelOpened,
  close,
  dial,
  drop,
  elapse,
  greet,
  hangUp,
  having,
  lost,
  opened,
  ourHello,
  refusal,
  theirHello,
  theirWelcome,
  weDial,
} from '../support/connections.js';
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

describe('a connection that backs off', () => {
  /** The back-offs of so many failures in a row. */
  const backOffs = (input: ConnectionInput, failures: number) => {
    const waits: number[] = [];
    let [snapshot] = start(connectionMachine, input);
    for (let failure = 0; failure < failures; failure += 1) {
      [snapshot] = step(connectionMachine, snapshot, channelClosed);
      waits.push(snapshot.context.backOffMs);
      [snapshot] = elapse(snapshot, 'backOff', 'backingOff');
    }
    return waits;
  };

  it('waits twice as long every time, up to the cap, and at least half of that', () => {
    const wholes = [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];

    backOffs(weDial, wholes.length).forEach((waitMs, attempt) => {
      expect(waitMs).toBeLessThanOrEqual(wholes[attempt] ?? 0);
      expect(waitMs).toBeGreaterThanOrEqual((wholes[attempt] ?? 0) / 2);
    });
  });

  it('stays below the cap however often it fails', () => {
    expect(Math.max(...backOffs(weDial, 1200))).toBeLessThanOrEqual(5000);
  });

  it('waits differently from others, and the same in a second run of the same seed', () => {
    const [once, again, other] = [1, 1, 2].map((jitterSeed) => backOffs({ ...weDial, jitterSeed }, 5));

    expect(again).toEqual(once);
    expect(other).not.toEqual(once);
  });

  it('starts anew once it has been open', () => {
    let [snapshot] = start(connectionMachine, weDial);
    for (let failure = 0; failure < 6; failure += 1) {
      [snapshot] = step(connectionMachine, snapshot, channelClosed);
      [snapshot] = elapse(snapshot, 'backOff', 'backingOff');
    }

    for (const event of [channelOpened, theirWelcome, channelClosed])
      [snapshot] = step(connectionMachine, snapshot, event);

    expect(snapshot.context.backOffMs).toBeLessThanOrEqual(100);
  });

  it('has no channel, and ignores what is said of one', () => {
    for (const event of [
      channelOpened,
      channelClosed,
      theirWelcome,
      theirHello,
      refusal('mode-mismatch'),
      drop,
    ]) {
      const [snapshot, effects] = having(weDial, channelClosed, event);

      expect([snapshot.value, effects]).toEqual(['backingOff', []]);
    }
  });
});

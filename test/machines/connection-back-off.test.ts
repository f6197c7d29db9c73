import { type ConnectionInput, connectionMachine } from '../../machines/connection.js';
import {
  channelClosed,
  channelOpened,
  drop,
  elapse,
  having,
  refusal,
  theirHello,
  theirWelcome,
  weDial,
} from '../support/connections.js';
import { start, step } from '../support/step.js';

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

  it('starts anew once it has been open for a while, and not if it closes again and again', () => {
    let [snapshot] = start(connectionMachine, weDial);
    for (let failure = 0; failure < 6; failure += 1) {
      [snapshot] = step(connectionMachine, snapshot, channelClosed);
      [snapshot] = elapse(snapshot, 'backOff', 'backingOff');
    }
    for (const event of [channelOpened, theirWelcome]) [snapshot] = step(connectionMachine, snapshot, event);

    const [closed] = step(connectionMachine, snapshot, channelClosed);
    const [steady] = elapse(snapshot, 'steadiness', 'open');
    const [later] = step(connectionMachine, steady, channelClosed);

    expect(closed.context.backOffMs).toBeGreaterThan(1000);
    expect(later.context.backOffMs).toBeLessThanOrEqual(100);
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

import type { ConnectionEvent } from '../../machines/connection.js';
import {
  CLIENT,
  channelOpened,
  greet,
  having,
  theirVisit,
  theirWelcome,
  theyDial,
  us,
  weDial,
} from '../support/connections.js';

describe('a connection', () => {
  it.each([
    ['too-many-clients', { ...theyDial, hasRoom: false }, theirVisit],
    ['version-mismatch', theyDial, { ...theirVisit, version: 99 }],
    ['cluster-mismatch', theyDial, { ...theirVisit, cluster: 'another' }],
  ] as const)('turns a client away in words: %s', (code, input, visit) => {
    const [snapshot, effects] = having(input, visit as ConnectionEvent);

    expect(snapshot.value).toBe('refused');
    expect(effects).toMatchObject([
      { type: 'greet', message: { type: 'link.refuse', code } },
      { type: 'hangUp' },
      { type: 'refused', by: 'here', code },
    ]);
  });

  it('of a client says link.visit, and takes any peer of the cluster whatever its mode', () => {
    const client = { ...weDial, client: CLIENT };
    const { version, cluster } = us;

    expect(having(client, channelOpened)[1]).toEqual([
      greet({ type: 'link.visit', from: CLIENT, version, cluster }),
    ]);
    const otherMode = { ...theirWelcome, mode: 'safe-mem' } as ConnectionEvent;
    expect(having(client, channelOpened, otherMode)[0].value).toBe('open');
    const otherCluster = { ...theirWelcome, cluster: 'another' } as ConnectionEvent;
    expect(having(client, channelOpened, otherCluster)[0].value).toBe('refused');
    expect(having(client, channelOpened, theirVisit)[0].value).toBe('refused');
  });
});

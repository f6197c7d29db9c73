import { encode, frameOf } from '../../transport/codec.js';
import type { Message } from '../../transport/protocol.js';
import { CLIENT } from '../support/connections.js';
import { greet, memberOf, send, start, world } from '../support/links.js';
import { term } from '../support/members.js';

const heartbeat: Message = {
  type: 'failure.heartbeat',
  from: '1',
  term: term(1, '1'),
  coordinator: '1',
  coordinatorFresh: true,
  quorumConnected: true,
  fit: true,
  healthy: true,
  heard: ['2'],
  lastIndex: 1,
};
describe('a link that looks for signs of life', () => {
  /** What 2 is told when 1 says these, one every 100 ms; it tells every 250 ms at most. */
  const toldOf = (...said: readonly Message[]) => {
    const here = world(250);
    greet(here);
    here.p2.told();
    return said.map((message) => {
      send(here.p1, ['2'], message);
      here.settle();
      return here.p2.told().map(({ type }) => type);
    });
  };

  it('tells once in a while that a peer is heard, before it tells what was said', () => {
    const once = ['election.start'];
    const first = ['link.heard', ...once];

    expect(toldOf(...[1, 2, 3, 4, 5].map((round) => start('1', round)))).toEqual([
      first,
      once,
      once,
      first,
      once,
    ]);
  });

  it('does not tell it of a heartbeat, nor right after one', () => {
    expect(toldOf(heartbeat, start('1', 1), start('1', 2), heartbeat, start('1', 3))).toEqual([
      ['failure.heartbeat'],
      ['election.start'],
      ['election.start'],
      ['failure.heartbeat'],
      ['election.start'],
    ]);
  });

  it('does not tell it of clients', () => {
    const { p2, stranger } = world(250);
    const client = stranger();
    client.say(JSON.stringify({ type: 'link.visit', from: CLIENT, version: 1, cluster: 'blue' }));
    p2.tell({ type: 'bind', connection: 'accepted:1', remote: memberOf(CLIENT) });
    p2.told();

    client.say(frameOf(1, [encode({ type: 'desk.ping', from: CLIENT })]));

    expect(p2.told().map(({ type }) => type)).toEqual(['desk.ping']);
  });
});

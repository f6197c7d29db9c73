import { electionMachine } from '../../machines/election.js';
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
  hears4,
  heartbeat,
  holding,
  isolated,
  nameOf,
  peers,
  reconfigured,
  relayed,
  resting,
  rivalled,
  suspected,
  term3,
  unrivalled,
  us,
  winning,
  yielding,
} from '../support/elections.js';
import { eventTable } from '../support/event-table.js';
import { term } from '../support/members.js';

/** Keeps the table narrow. */
const shortNameOf = (snapshot: { value: unknown }) =>
  nameOf(snapshot).replace('awaitingCoordinator', 'awaiting');

it('has an answer to every event in every state', () => {
  const states = {
    waiting: everybodyHeard,
    direct: following,
    relayed,
    isolated,
    challenging,
    awaiting,
    winning,
    resting,
    deposed: [...unrivalled, ended],
    unrivalled,
    rivalled,
    yielding,
    holding,
  };
  const events = {
    'HEARTBEAT of 1': heartbeat('1'),
    'HEARTBEAT of 4, coordinating': heartbeat('4', hears4),
    'HEARTBEAT of 4': heartbeat('4'),
    '1 is suspected': suspected('1'),
    '4 is suspected': suspected('4'),
    'ELECTION of 1': challenge('1'),
    'ELECTION of 3': challenge('3'),
    'OK of 3': answer('3', true),
    'OK of 3, unfit': answer('3', false),
    'ALIVE of 4': alive('4', term3),
    'ALIVE of us': alive('2', term3),
    'ALIVE, stale': alive('4', term(0, '1')),
    'COORDINATOR 3': announcement('3', term3),
    'COORDINATOR, stale': announcement('3', term(0, '1')),
    'APPEND of 3': followed('3', term3),
    'same configuration': reconfigured(peers),
    'HANDOVER of 4': handoverOffered,
    'term established': established,
    'term abandoned': abandoned,
    'term ended': ended,
    'handover failed': handoverFailed,
  };

  expect(eventTable(electionMachine, us, states, events, shortNameOf)).toBe(`
                              waiting       direct        relayed       isolated     challenging   awaiting   winning    resting       deposed      unrivalled   rivalled   yielding     holding
HEARTBEAT of 1                ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
HEARTBEAT of 4, coordinating  ·             ·             direct!       ·            ·             ·          ·          ·             ·            rivalled     ·          ·            ·
HEARTBEAT of 4                ·             challenging!  challenging!  ·            ·             ·          ·          ·             ·            rivalled     ·          ·            ·
1 is suspected                ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
4 is suspected                ·             challenging!  ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
ELECTION of 1                 challenging!  challenging!  challenging!  isolated!    challenging!  awaiting!  winning!   challenging!  deposed!     unrivalled!  rivalled!  yielding!    holding!
ELECTION of 3                 ·             ·             ·             ·            ·             ·          ·          ·             ·            unrivalled!  rivalled!  yielding!    holding!
OK of 3                       ·             ·             ·             ·            awaiting      ·          ·          ·             ·            ·            ·          ·            ·
OK of 3, unfit                ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
ALIVE of 4                    ·             ·             ·             ·            relayed!      ·          ·          ·             ·            ·            ·          ·            ·
ALIVE of us                   ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
ALIVE, stale                  ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
COORDINATOR 3                 direct!       direct!       direct!       direct!      direct!       direct!    direct!    direct!       direct!      direct!      direct!    direct!      direct!
COORDINATOR, stale            ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
APPEND of 3                   direct        ·             direct        direct       direct        direct     direct     direct        direct       direct       direct     direct       direct
same configuration            ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          ·            ·
HANDOVER of 4                 winning!      winning!      winning!      winning!     winning!      winning!   winning!   winning!      winning!     winning!     winning!   winning!     winning!
term established              rivalled!     rivalled!     rivalled!     unrivalled!  rivalled!     rivalled!  rivalled!  rivalled!     unrivalled!  unrivalled!  rivalled!  rivalled!    rivalled!
term abandoned                ·             ·             ·             ·            ·             ·          resting    ·             ·            ·            ·          ·            ·
term ended                    ·             ·             ·             ·            ·             ·          ·          ·             ·            deposed!     deposed!   handedOver!  deposed!
handover failed               ·             ·             ·             ·            ·             ·          ·          ·             ·            ·            ·          holding!     ·
`);
});

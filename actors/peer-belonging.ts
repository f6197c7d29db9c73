/** Where the peer stands towards its cluster: a region of its chart (peer.ts). */
import { going } from './peer-going.js';
import * as reports from './peer-reports.js';

export const belonging = {
  initial: 'joining',
  on: { 'peer.leave': '.leaving', 'peer.drain': '.vacating' },
  states: {
    joining: {
      always: { guard: 'isMember', target: 'joined' },
      initial: 'asking',
      after: {
        looking: {
          target: 'joining',
          reenter: true,
          actions: { type: 'report', params: reports.stillLooking },
        },
      },
      states: {
        asking: {
          description: 'Nobody watches over channels to strangers: after long silence they are tried anew.',
          after: { unanswered: { target: 'asking', reenter: true, actions: 'redialAll' } },
        },
      },
    },
    joined: { always: { guard: 'isStranger', target: 'joining' } },
    leaving: {
      entry: 'askToLeave',
      on: { 'member.leaving': { actions: 'handOver' } },
    },
    ...going,
  },
} as const;

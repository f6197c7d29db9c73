/** How a peer that is told to end lays its office down first: two states of the peer's chart (peer.ts), next to each other. */
import * as reports from './peer-reports.js';

export const going = {
  vacating: {
    description: 'On its way down, and still a member: whoever coordinates hands over first.',
    entry: 'beat',
    initial: 'yielding',
    on: {
      'peer.drain': {},
      'office.vacant': 'drained',
      'coordinator.followed': { target: 'drained', actions: 'followNews' },
    },
    after: { drainTimeout: 'drained' },
    states: {
      yielding: {
        entry: 'vacate',
        on: {
          'election.decline': {
            target: 'again',
            actions: { type: 'report', params: reports.declined },
          },
        },
      },
      again: {
        description: 'The first successor did not take over; perhaps another one does.',
        entry: 'vacate',
        on: { 'election.decline': '#peer.running.belonging.drained' },
      },
    },
  },
  drained: {
    description: 'Leads nobody any more, and waits to be told to stop.',
    entry: { type: 'report', params: { type: 'drained' } },
    on: { 'peer.drain': {} },
  },
} as const;

/** The peer's pulse, and what it tells of the peer's own health and of its disk's: three regions of its chart (peer.ts). */
import * as reports from './peer-reports.js';

export const rhythm = {
  pulse: {
    initial: 'beating',
    states: {
      beating: {
        entry: ['notePulse', 'beat', 'connect', { type: 'report', params: { type: 'pulse' } }],
        after: { heartbeatInterval: { target: 'beating', reenter: true, actions: 'feelPulse' } },
      },
    },
  },
  health: {
    initial: 'healthy',
    states: {
      healthy: { on: { 'self.stalled': { target: 'stalled', actions: 'excuseOthers' } } },
      stalled: {
        description: 'Stood still a moment ago: others were excused for it, once.',
        on: { 'self.stalled': { target: 'stalled', reenter: true } },
        after: { suspectTimeout: 'healthy' },
      },
    },
  },
  storage: {
    initial: 'brisk',
    states: {
      brisk: { on: { 'journal.dragged': 'dragging' } },
      dragging: {
        description:
          'Slow syncs follow one another. Where they are further apart, they have nothing to do with one another.',
        initial: 'uneasy',
        after: {
          slowWindow: { target: 'slow', actions: { type: 'report', params: reports.slow } },
        },
        states: {
          uneasy: {
            on: { 'journal.dragged': { target: 'uneasy', reenter: true } },
            after: { calm: '#peer.running.storage.brisk' },
          },
        },
      },
      slow: {
        description: 'Others are better placed to coordinate; as long as none is, this peer does.',
        entry: 'handOverToHealthy',
        initial: 'dragging',
        states: {
          dragging: {
            initial: 'uneasy',
            after: { slowWindow: { target: '#peer.running.storage.slow', reenter: true } },
            states: {
              uneasy: {
                on: { 'journal.dragged': { target: 'uneasy', reenter: true } },
                after: { calm: '#peer.running.storage.slow.quiet' },
              },
            },
          },
          quiet: {
            description: 'It may be well again; the office stays where it is meanwhile.',
            on: { 'journal.dragged': 'dragging' },
            after: {
              slowWindow: {
                target: '#peer.running.storage.brisk',
                actions: { type: 'report', params: reports.quick },
              },
            },
          },
        },
      },
    },
  },
} as const;

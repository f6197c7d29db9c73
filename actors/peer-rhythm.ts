/** The peer's pulse, and what it tells of the peer's own health: two regions of its chart (peer.ts). */

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
} as const;

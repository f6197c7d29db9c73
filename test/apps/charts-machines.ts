/** Machines that are none of ours, as people write them. */

/** A traffic light with a fault that may strike in any state, and a region of its own for pedestrians. */
const light = {
  id: 'light',
  initial: 'green',
  on: { FAULT: '.broken' },
  states: {
    green: { description: 'Cars may go.', after: { 30000: 'yellow' }, on: { NEXT: 'yellow' } },
    yellow: { on: { NEXT: 'red' } },
    red: {
      type: 'parallel',
      on: { NEXT: 'green' },
      states: {
        cars: { initial: 'stopped', states: { stopped: {} } },
        walkers: {
          initial: 'walking',
          states: {
            walking: { on: { HURRY: 'waiting', REPEAT: '#light.red.walkers' } },
            waiting: {},
          },
        },
      },
    },
    broken: { type: 'final' },
  },
} as const;

export const foreignMachines = { light };

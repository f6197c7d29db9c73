/** Tests wait for what they want to see, never for time to pass. */
export { until } from '../../apps/node/until.js';

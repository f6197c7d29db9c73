/** The panes: each a section that shows a stage, and keeps nothing of its own but how it is looked at. */
export { Arena } from './arena.jsx';
export { SpaceTime } from './spacetime.jsx';

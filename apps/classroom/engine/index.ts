/** The classroom's engine: a script in, a trace out. */
export { createEngine, type EngineOptions } from './engine.js';
export { headless } from './headless.js';
export { type Moment, type MomentPeer, type Rebuilt, scriptFrom } from './moment.js';
export { fork, readScript, type ScriptInput, ScriptProblem, scriptOf, withAct } from './script.js';
export { wordsOf } from './words.js';

/** @jsxImportSource solid-js */
/** Stand-ins until the panes have landed. */
import type { Stage } from '../stage.js';
import { createHistory } from '../history/index.js';
import { headless } from '../engine/index.js';
import type { Engine } from '../contract.js';
export const createMerger = () => { const history = createHistory(); return { add: (_: string, lines: readonly string[]) => history.append(lines), history: () => history }; };
export const scriptFrom = (): never => { throw new Error('not yet'); };
export const mergeTraces = (lists: readonly (readonly string[])[]) => {
  const history = createHistory();
  for (const lines of lists) history.append(lines);
  return history;
};
export const StatechartsScreen = () => <p class="waiting">charts</p>;
export const createEngine = (): Engine => ({
  play: async (script, untilMs, hear) => {
    hear({ lines: headless(script, untilMs), isFresh: true, nowMs: untilMs });
  },
  close: () => {},
});

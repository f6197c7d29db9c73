/** @jsxImportSource solid-js */
/** Stand-ins until the panes have landed. */
import type { Stage } from '../stage.js';
import { createHistory } from '../history/index.js';
import { headless } from '../engine/index.js';
import type { Engine } from '../contract.js';
export const scriptFrom = (): never => { throw new Error('not yet'); };
export const createEngine = (): Engine => ({
  play: async (script, untilMs, hear) => {
    hear({ lines: headless(script, untilMs), isFresh: true, nowMs: untilMs });
  },
  close: () => {},
});

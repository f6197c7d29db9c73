/** @jsxImportSource solid-js */
/** Stand-ins until the panes have landed. */
import type { Stage } from '../stage.js';
import { createHistory } from '../history/index.js';
import { headless } from '../engine/index.js';
import type { Engine } from '../contract.js';
export { Arena, SpaceTime } from '../panes/index.js';
const standIn = (name: string) => (props: { readonly stage: Stage; readonly name?: string; readonly marked?: number | undefined; readonly branches?: unknown }) => (
  <section class="panel" aria-label={name}>
    <div class="panel-head">
      <h2>{name}</h2>
    </div>
    <p class="waiting">{props.stage.history().length}</p>
  </section>
);
export const Beliefs = standIn('Beliefs');
export const Counters = standIn('Counters');
export const Inspector = standIn('Inspector');
export const MessageLog = standIn('Message log');
export const Narrator = (props: { readonly stage: Stage }) => <p class="unseen">{props.stage.index()}</p>;
export const Scrubber = (props: { readonly stage: Stage; readonly branches?: unknown }) => (
  <input
    class="scrubber"
    type="range"
    min={props.stage.history().startMs}
    max={props.stage.history().endMs}
    value={props.stage.time()}
    aria-label="Time"
    onInput={({ currentTarget }) => props.stage.seek(Number(currentTarget.value))}
  />
);
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

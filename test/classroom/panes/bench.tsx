/** @jsxImportSource solid-js */
/** A page with all panes over one trace, for browser tests: the trace is asked for beside it, and the stage is `window.stage`. */
import { For } from 'solid-js';
import { Dynamic, render } from 'solid-js/web';
import '../../../apps/classroom/screens/shell.css';
import {
  Arena,
  Beliefs,
  Counters,
  Inspector,
  MessageLog,
  Narrator,
  Scrubber,
  SpaceTime,
} from '../../../apps/classroom/panes/index.js';
import { createStage } from '../../../apps/classroom/stage.js';
import './bench.css';

const PANES = { Arena, SpaceTime, Narrator, Scrubber, MessageLog, Beliefs, Counters, Inspector };
type PaneName = keyof typeof PANES;

const parameters = new URLSearchParams(location.search);
const acts: unknown[] = [];
const shown = (parameters.get('panes')?.split(',') ?? Object.keys(PANES)) as readonly PaneName[];
const mayAct = parameters.get('act') === '1';

function Bench() {
  const stage = createStage({
    ...(mayAct && { act: (act) => void acts.push(act) }),
  });
  Object.assign(window, { stage, acts });
  void fetch(parameters.get('trace') ?? './trace.jsonl')
    .then((answer) => answer.text())
    .then((text) => {
      stage.hear(text.trim().split('\n'));
      stage.seek(Number(parameters.get('at') ?? 0));
      document.body.dataset.ready = 'yes';
    });
  return (
    <main class="bench">
      <For each={shown}>{(name) => <Dynamic component={PANES[name]} stage={stage} />}</For>
    </main>
  );
}

document.documentElement.dataset.theme = parameters.get('theme') ?? 'dark';
const root = document.getElementById('panes');
if (root !== null) render(() => <Bench />, root);

/** @jsxImportSource solid-js */
/** Sandbox: any cluster, any fault, at any moment; acting in the past makes branches. */
import { createEffect, createSignal, For, on, Show } from 'solid-js';
import type { Script } from '../contract.js';
import { Builder } from './builder.jsx';
import { Challenges } from './challenges-panel.jsx';
import { Compare } from './compare.jsx';
import { FaultsPanel } from './faults-panel.jsx';
import { linkTo, openLink } from './moment.js';
import { NextPanel } from './next-panel.jsx';
import { createRun, type Run } from './run.js';
import { scriptOfChoices, USUAL } from './scenario.js';
import { type Shell, useShell } from './shell.js';
import { stageExports } from './stage-exports.js';
import { stageCommands } from './stage-keys.js';
import './workbench.css';
import './lab.css';
import { settings } from './settings.js';
import { createPanes, Workbench } from './workbench.jsx';

const PARTS = {
  cluster: 'Cluster',
  faults: 'Faults',
  next: 'Next',
  challenges: 'Challenges',
} as const;
type Part = keyof typeof PARTS;

export function Lab() {
  const shell = useShell();
  const panes = createPanes('space-time');
  const [compared, setCompared] = createSignal<string | null>(null);
  const run = createRun(scriptOfChoices(USUAL), {
    forked: ({ name }) => shell.say(`Branch “${name}” created, the original is kept.`),
    refused: (words) => shell.say(words),
  });
  offerAll(shell, run, panes, setCompared);
  createEffect(
    on(
      () => shell.routing.route().query.get('s'),
      (text) => void open(shell, run, text),
    ),
  );
  createEffect(() => run.stage.setStill(!settings.motion));
  return (
    <Workbench
      stage={run.stage}
      run={run}
      panes={panes}
      columnName="Build"
      column={<Column run={run} />}
      compared={compared()}
      onCompare={setCompared}
      instead={
        compared() === null ? undefined : (
          <Compare run={run} branch={compared() ?? ''} onClose={() => setCompared(null)} />
        )
      }
    />
  );
}

/** What the link says, else a usual cluster. */
async function open(shell: Shell, run: Run, text: string | null): Promise<void> {
  const usual: Script = scriptOfChoices(USUAL);
  const moment = text === null ? null : await openLink(text);
  if (moment === null) return run.load(usual);
  if (!moment.ok) {
    shell.say(moment.why);
    return run.load(usual);
  }
  run.load(moment.script, { atMs: moment.at, event: moment.event });
  moment.show(run.stage);
}

/** Hands the header and the keyboard what this screen can do. */
function offerAll(
  shell: Shell,
  run: Run,
  panes: ReturnType<typeof createPanes>,
  setCompared: (branch: string | null) => void,
): void {
  const { stage } = run;
  shell.commands.offer(stageCommands({ stage, run, showPane: panes.show, say: shell.say }));
  shell.commands.offer([
    {
      id: 'compare',
      words: 'Compare this branch with the one it came from',
      group: 'Time',
      keys: ['c'],
      isPossible: () => run.branches().length > 1,
      run: () => {
        const { id, from } = run.current();
        setCompared(from ?? run.branches().find((one) => one.id !== id)?.id ?? null);
      },
    },
  ]);
  shell.offerLink(() => linkTo('lab', '', run.script(), stage));
  const name = () => run.script().name ?? `sandbox ${run.current().name}`;
  shell.offerExports(() => stageExports({ stage, name, script: run.script, say: shell.say }));
}

function Column(props: { readonly run: Run }) {
  const [part, setPart] = createSignal<Part>('faults');
  return (
    <section class="panel column" aria-labelledby="column-title">
      <h2 id="column-title" class="unseen">
        Sandbox
      </h2>
      <div class="column-tabs" role="tablist" aria-label="Sandbox">
        <For each={Object.keys(PARTS) as Part[]}>
          {(one) => (
            <button
              type="button"
              role="tab"
              aria-selected={part() === one}
              class="quiet"
              onClick={() => setPart(one)}
            >
              {PARTS[one]}
            </button>
          )}
        </For>
      </div>
      <div class="scroll" role="tabpanel" aria-label={PARTS[part()]}>
        <Show when={part() === 'cluster'}>
          <Builder run={props.run} />
        </Show>
        <Show when={part() === 'faults'}>
          <FaultsPanel run={props.run} />
        </Show>
        <Show when={part() === 'next'}>
          <NextPanel run={props.run} />
        </Show>
        <Show when={part() === 'challenges'}>
          <Challenges run={props.run} />
        </Show>
      </div>
    </section>
  );
}

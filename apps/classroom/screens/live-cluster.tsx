/** @jsxImportSource solid-js */
/** The whole cluster, live: the traces of several peers, merged, in the panes of every other screen. */
import { createEffect, createMemo, createSignal, For, lazy, onCleanup, Show } from 'solid-js';
import type { Moment, MomentPeer, Rebuilt } from '../engine/moment.js';
import { download } from '../exports/file.js';
import { createStage, type Stage } from '../stage.js';
import { Bookmarks } from './bookmarks.jsx';
import { Leadership } from './leadership.jsx';
import { pack } from './link.js';
import { type Alarm, createAlarm, FaultButtons, FaultLines } from './live-faults.jsx';
import { createMerger } from './live-merging.js';
import { createSources, type Source, type Sources } from './live-sources.js';
import { createEdge, createWatch } from './live-watch.js';
import { keep, recall } from './memory.js';
import { hashOf } from './routes.js';
import { PEERS_MAX, scriptOfChoices, USUAL } from './scenario.js';
import { settings } from './settings.js';
import { type Shell, useShell } from './shell.js';
import { stageExports, traceText } from './stage-exports.js';
import { stageCommands } from './stage-keys.js';
import './workbench.css';
import { createPanes, Workbench } from './workbench.jsx';

const Figures = lazy(async () => ({ default: (await import('./live-figures.jsx')).Figures }));

const isAddresses = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

export function Cluster(props: { readonly isOfPeer: boolean }) {
  const shell = useShell();
  const sources = createSources((source, lines) => {
    merger.add(source, lines);
    merger.tell();
  });
  const stage: Stage = createStage({ watch: createWatch(sources, () => stage) });
  const panes = createPanes('column');
  const merger = createMerger(
    (history) => {
      // Whoever looks back looks at something that stands still; recording goes on.
      if (stage.isFollowing()) stage.show(history);
    },
    (source) => sources.sources[source]?.state === 'lost',
  );
  onCleanup(merger.close);
  const alarm = createAlarm(sources);
  createEffect(() => stage.isFollowing() && merger.tell());
  if (props.isOfPeer) sources.add('');
  for (const address of addressesFor(shell)) sources.add(address);
  stage.follow(true);
  createEffect(() => stage.setStill(!settings.motion));
  shell.commands.offer(stageCommands({ stage, showPane: panes.show, say: shell.say }));
  shell.offerExports(() => stageExports({ stage, name: () => 'live cluster', say: shell.say }));
  return (
    <Workbench
      stage={stage}
      panes={panes}
      columnName="Peers"
      isAlarmed={alarm.lasting().length > 0}
      column={<Peers stage={stage} sources={sources} alarm={alarm} />}
      figures={() => <Figures stage={stage} />}
      edge={createEdge(stage, sources.sources)}
    />
  );
}

/** Those of the address, else those that were followed last time. */
function addressesFor(shell: Shell): readonly string[] {
  const asked = shell.routing.route().query.get('also');
  return asked === null ? recall('peers', isAddresses, []) : asked.split(',').filter(Boolean);
}

interface PeersProps {
  readonly stage: Stage;
  readonly sources: Sources;
  readonly alarm: Alarm;
}

function Peers(props: PeersProps) {
  const shell = useShell();
  const [address, setAddress] = createSignal('');
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const problem = props.sources.add(address());
    if (problem === null) {
      setAddress('');
      keep(
        'peers',
        props.sources.sources.map(({ url }) => url).filter((url) => url !== ''),
      );
    } else shell.say(problem);
  };
  return (
    <section class="panel column" aria-labelledby="peers-title">
      <div class="panel-head">
        <h2 id="peers-title">Peers</h2>
      </div>
      <div class="scroll" tabindex="0">
        <FaultLines alarm={props.alarm} />
        <ul class="peers">
          <For
            each={props.sources.sources}
            fallback={<li class="empty">No peer is followed yet: say where one serves HTTP.</li>}
          >
            {(source) => <Followed {...props} source={source} last={lastOf(props.sources.sources)} />}
          </For>
        </ul>
        <Missing sources={props.sources} />
        <form class="add-peer" onSubmit={add}>
          <label>
            <span>follow another peer</span>
            <input
              placeholder="127.0.0.1:8002"
              value={address()}
              onInput={({ currentTarget }) => setAddress(currentTarget.value)}
            />
          </label>
          <button type="submit" class="quiet" disabled={address().trim() === ''}>
            Add
          </button>
        </form>
        <p class="dim">
          Its <code>--http</code> address, on this machine.{' '}
          <Show
            when={props.sources.sources.some(({ faults }) => faults !== null)}
            fallback="Nothing can be done to a peer from here: only looked at."
          >
            What the buttons of a peer do really happens to its process. Start it without{' '}
            <code>--allow-faults</code>, and it is only looked at.
          </Show>
        </p>
        <Leadership stage={props.stage} />
        <Suspicions stage={props.stage} />
        <Bookmarks stage={props.stage} />
        <Doings stage={props.stage} />
      </div>
    </section>
  );
}

const lastOf = (sources: readonly Source[]): number => Math.max(0, ...sources.map(({ commit }) => commit));

const STATES = { connecting: '◌ connecting', live: '● live', lost: '✕ does not answer' } as const;

function Followed(props: PeersProps & { readonly source: Source; readonly last: number }) {
  const lag = () => props.last - props.source.applied;
  return (
    <li class={`followed followed-${props.source.state}`}>
      <b>{props.source.id ?? '?'}</b>{' '}
      <span class="dim">{props.source.url === '' ? 'serves this page' : props.source.url}</span>
      <p>
        <span class="followed-state">{STATES[props.source.state]}</span> · {props.source.records} records
        <Show when={props.source.missed > 0}>
          {' '}
          · <span class="fault">{props.source.missed} missed</span>
        </Show>
        {' · '}
        <span classList={{ fault: lag() > 0 }}>{lag() > 0 ? `${lag()} behind` : 'up to date'}</span>
      </p>
      <Show when={props.source.faults !== null}>
        <FaultButtons source={props.source} sources={props.sources} alarm={props.alarm} />
      </Show>
    </li>
  );
}

/** Members that nobody told us how to reach. */
function Missing(props: { readonly sources: Sources }) {
  const missing = createMemo(() => {
    const known = new Set(props.sources.sources.map(({ id }) => id));
    return props.sources.members().filter(({ id }) => !known.has(id));
  });
  return (
    <Show when={missing().length > 0}>
      <p class="missing">
        Not followed yet:{' '}
        {missing()
          .map(({ id, address }) => `${id} (talks at ${address})`)
          .join(', ')}
        . Peers do not tell each other where they serve HTTP.
      </p>
    </Show>
  );
}

/** Whom each peer does not trust, as of the playhead. */
function Suspicions(props: { readonly stage: Stage }) {
  const all = createMemo(() =>
    Object.values(props.stage.world().peers).flatMap(({ id, suspicion }) =>
      Object.entries(suspicion).flatMap(([subject, state]) =>
        state === 'trusted' || state === 'unknown' ? [] : [{ id, subject, state }],
      ),
    ),
  );
  return (
    <>
      <h3>Suspicion</h3>
      <ul>
        <For each={all()} fallback={<li class="dim">Everybody trusts everybody that is watched.</li>}>
          {({ id, subject, state }) => (
            <li>
              {id}: {subject} is <b class="fault">{state}</b>
            </li>
          )}
        </For>
      </ul>
    </>
  );
}

/** What is shown at the playhead: also members that no record tells of any more, of which those that do not answer are gone. */
function seen(stage: Stage): Moment {
  const world = stage.world();
  const unheard = stage.ids().filter((id) => stage.unheard(id) !== undefined);
  const silent = unheard.filter((id) => stage.unheard(id)?.why === 'lost');
  const gone = silent.map((id): readonly [string, MomentPeer] => [
    id,
    { id, condition: 'crashed', role: 'follower', term: 0, suspicion: {} },
  ]);
  return {
    ...world,
    ids: [...new Set([...world.ids, ...unheard])],
    peers: { ...world.peers, ...Object.fromEntries(gone) },
  };
}

/**
 * A moment of a cluster as a script of the sandbox, to ask "what if".
 *
 * @throws Error in words when there is nothing to go by, or more than the sandbox takes.
 */
async function momentOf(stage: Stage): Promise<Rebuilt> {
  const world = seen(stage);
  if (world.ids.length === 0) throw new Error('There is nothing recorded yet to start from.');
  if (world.ids.length > PEERS_MAX) throw new Error(`The sandbox takes at most ${PEERS_MAX} peers.`);
  await import('../engine/without-eval.js');
  const { scriptFrom } = await import('../engine/moment.js');
  return scriptFrom(world, scriptOfChoices(USUAL).scenario.options);
}

/** What can be done with what was recorded so far. */
function Doings(props: { readonly stage: Stage }) {
  const shell = useShell();
  const inSandbox = async () => {
    try {
      const { script, atMs, notes } = await momentOf(props.stage);
      shell.routing.go(hashOf('lab', '', { s: await pack({ script, at: atMs }) }));
      shell.say(notes.join(' '));
    } catch (problem) {
      shell.say(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <>
      <h3>This recording</h3>
      <div class="buttons">
        <button
          type="button"
          class="quiet"
          onClick={() => download('cluster.ndjson', traceText(props.stage), 'application/x-ndjson')}
        >
          Save
        </button>
        <button type="button" class="quiet" onClick={() => void inSandbox()}>
          Open this moment in Sandbox
        </button>
        <button
          type="button"
          class="quiet"
          aria-pressed={props.stage.isFollowing()}
          onClick={() => props.stage.follow(!props.stage.isFollowing())}
        >
          Follow
        </button>
      </div>
    </>
  );
}

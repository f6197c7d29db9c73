/** @jsxImportSource solid-js */
/** Replay: what was recorded, by a simulation or by real peers, in the same panes. */
import { createEffect, createSignal, For, on, onCleanup, Show } from 'solid-js';
import { createHistory, type History, historyOf } from '../history/index.js';
import { createStage, type Stage } from '../stage.js';
import { Bookmarks } from './bookmarks.jsx';
import { settings } from './settings.js';
import { useShell } from './shell.js';
import { stageExports } from './stage-exports.js';
import { stageCommands } from './stage-keys.js';
import { fetchTrace, readTrace, type TraceFile } from './trace-files.js';
import './workbench.css';
import './replay.css';
import { createPanes, Workbench } from './workbench.jsx';

type Read = Extract<TraceFile, { ok: true }>;

export function Replay() {
  const shell = useShell();
  const stage = createStage();
  const panes = createPanes('space-time');
  const [files, setFiles] = createSignal<readonly Read[]>([]);
  const [troubles, setTroubles] = createSignal<readonly string[]>([]);

  const take = (read: readonly TraceFile[]) => {
    const good = read.filter((one) => one.ok);
    setTroubles(read.flatMap((one) => (one.ok ? [] : [one.why])));
    if (good.length > 0) setFiles((before) => [...before, ...good]);
  };
  const open = async (list: Iterable<File>) =>
    take(await Promise.all([...list].map((file) => readTrace(file, file.name))));
  createEffect(on(files, (all) => all.length > 0 && show(stage, all)));
  createEffect(
    on(
      () => shell.routing.route().query.get('url'),
      (url) => url !== null && void fetchTrace(url).then((one) => take([one])),
    ),
  );
  createEffect(() => stage.setStill(!settings.motion));
  shell.commands.offer(stageCommands({ stage, showPane: panes.show, say: shell.say }));
  const name = () =>
    files()
      .map((file) => file.name)
      .join(' ') || 'replay';
  createEffect(() => {
    if (files().length > 0) shell.offerExports(() => stageExports({ stage, name, say: shell.say }));
  });
  takeDrops((list) => void open(list));

  return (
    <Show when={files().length > 0} fallback={<Invitation onOpen={open} troubles={troubles()} />}>
      <Workbench
        stage={stage}
        panes={panes}
        columnName="Files"
        column={
          <Opened
            stage={stage}
            files={files()}
            troubles={troubles()}
            onOpen={open}
            onClose={() => setFiles([])}
          />
        }
      />
    </Show>
  );
}

/** One trace as it is; several merged, with their clocks brought together. */
function show(stage: Stage, files: readonly Read[]): void {
  const [first] = files;
  const history =
    files.length === 1 && first !== undefined
      ? whole(first.lines)
      : historyOf(files.map(({ lines }) => lines));
  stage.show(history);
  stage.seek(history.startMs);
}

/** A simulation has one clock, and so has a peer. */
function whole(lines: readonly string[]): History {
  const history = createHistory();
  history.append(lines);
  return history;
}

/** Files may be dropped anywhere on the page. */
function takeDrops(open: (files: Iterable<File>) => void): void {
  const allow = (event: DragEvent) => event.preventDefault();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    if (event.dataTransfer !== null && event.dataTransfer.files.length > 0) open(event.dataTransfer.files);
  };
  addEventListener('dragover', allow);
  addEventListener('drop', drop);
  onCleanup(() => {
    removeEventListener('dragover', allow);
    removeEventListener('drop', drop);
  });
}

interface OpenProps {
  readonly onOpen: (files: Iterable<File>) => void;
  readonly words: string;
}

function OpenButton(props: OpenProps) {
  return (
    <label class="button open-file">
      {props.words}
      <input
        type="file"
        multiple
        class="unseen"
        onChange={({ currentTarget }) => {
          props.onOpen([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
    </label>
  );
}

function Invitation(props: {
  readonly onOpen: (files: Iterable<File>) => void;
  readonly troubles: readonly string[];
}) {
  return (
    <div class="invitation">
      <h2>Replay a trace</h2>
      <p>
        Drop trace files anywhere here, or choose them. Several of one cluster are merged, and their clocks
        brought together.
      </p>
      <OpenButton onOpen={props.onOpen} words="Choose files …" />
      <Troubles troubles={props.troubles} />
      <h3>Where traces come from</h3>
      <ul class="sources">
        <li>
          <code>bullpen peer --trace FILE</code> writes what a real peer does
        </li>
        <li>
          <code>bullpen simulate --seed 17 --trace FILE</code> writes a whole simulated cluster
        </li>
        <li>
          <b>Export</b> in Learn and Sandbox, <b>Save</b> in Live, <code>/v1/trace</code> of a peer
        </li>
      </ul>
    </div>
  );
}

function Troubles(props: { readonly troubles: readonly string[] }) {
  return (
    <ul class="troubles" role="alert">
      <For each={props.troubles}>{(why) => <li class="fault">✕ {why}</li>}</For>
    </ul>
  );
}

interface OpenedProps {
  readonly stage: Stage;
  readonly files: readonly Read[];
  readonly troubles: readonly string[];
  readonly onOpen: (files: Iterable<File>) => void;
  readonly onClose: () => void;
}

function Opened(props: OpenedProps) {
  const history = () => props.stage.history();
  const refusals = () => history().refusals;
  return (
    <section class="panel column" aria-labelledby="files-title">
      <div class="panel-head">
        <h2 id="files-title">Recorded</h2>
      </div>
      <div class="scroll" tabindex="0">
        <ul class="files">
          <For each={props.files}>
            {({ name, lines }) => (
              <li>
                <b>{name}</b> <span class="dim">{lines.length} lines</span>
              </li>
            )}
          </For>
        </ul>
        <Troubles troubles={props.troubles} />
        <Show when={refusals().first}>
          {(first) => (
            <p class="fault">
              {refusals().count} {refusals().count === 1 ? 'line was' : 'lines were'} left out: line{' '}
              {first().line} is {first().why}.
            </p>
          )}
        </Show>
        <dl class="recorded">
          <div>
            <dt>by</dt>
            <dd>{history().header?.source === 'simulator' ? 'a simulation' : 'real peers'}</dd>
          </div>
          <div>
            <dt>members</dt>
            <dd>{history().ids.join(', ')}</dd>
          </div>
          <div>
            <dt>events</dt>
            <dd>{history().length}</dd>
          </div>
          <Show when={history().adjustedMs}>
            {(ms) => (
              <div>
                <dt>clocks</dt>
                <dd>adjusted by at most {Math.round(ms() * 10) / 10} ms</dd>
              </div>
            )}
          </Show>
        </dl>
        <Bookmarks stage={props.stage} />
        <div class="buttons">
          <OpenButton onOpen={props.onOpen} words="Add files …" />
          <button type="button" class="quiet" onClick={() => props.onClose()}>
            Close
          </button>
        </div>
      </div>
    </section>
  );
}

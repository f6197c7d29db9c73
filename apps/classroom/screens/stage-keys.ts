/** The keys and commands of a stage: time, selection, faults, view (§2.7 of the design). */
import { createSignal } from 'solid-js';
import type { Act, PeerId } from '../contract.js';
import type { StepKind } from '../history/index.js';
import { SPEED_DEFAULT } from '../playback.js';
import type { Stage } from '../stage.js';
import type { Command } from './commands.js';
import * as gestures from './gestures.js';
import type { Run } from './run.js';

/** Which pane a key asks for. */
export type PaneName = 'chart' | 'space-time' | 'beliefs' | 'log';

export interface StageKeysOptions {
  readonly stage: Stage;
  /** Absent where nothing may be done. */
  readonly run?: Run | undefined;
  readonly showPane: (pane: PaneName) => void;
  readonly say: (words: string) => void;
}

type Pick =
  | { readonly purpose: 'partition'; readonly ids: readonly PeerId[] }
  | { readonly purpose: 'cut'; readonly ids: readonly PeerId[] };

/** Commands for `shell.commands.offer`. Where a run is given, acting too. */
export function stageCommands(options: StageKeysOptions): readonly Command[] {
  return [...timeCommands(options), ...viewCommands(options), ...selectionCommands(options)];
}

function timeCommands({ stage, run, say }: StageKeysOptions): readonly Command[] {
  const command = (id: string, words: string, keys: readonly string[], run: () => void): Command => ({
    id,
    words,
    group: 'Time',
    keys,
    run,
  });
  const step = (kind: StepKind, direction: 1 | -1) => () => void stepOn(stage, run, kind, direction);
  return [
    command('play', 'Play or pause', [' '], stage.toggle),
    command('next-event', 'Next event', ['ArrowRight'], step('event', 1)),
    command('last-event', 'Previous event', ['ArrowLeft'], step('event', -1)),
    command('next-state', 'Next change of state', ['Shift+ArrowRight'], step('state', 1)),
    command('last-state', 'Previous change of state', ['Shift+ArrowLeft'], step('state', -1)),
    command('next-message', 'Next message', ['.'], step('message', 1)),
    command('last-message', 'Previous message', [','], step('message', -1)),
    { id: 'next-leader', words: 'Next change of leader', group: 'Time', run: step('leader', 1) },
    { id: 'next-violation', words: 'Next broken rule', group: 'Time', run: step('violation', 1) },
    command('faster', 'Faster', [']'], () => stage.changeSpeed(1)),
    command('slower', 'Slower', ['['], () => stage.changeSpeed(-1)),
    command('usual-speed', 'Usual speed', ['0'], () => stage.setSpeed(SPEED_DEFAULT)),
    command('start', 'To the start', ['Home'], () => stage.seek(stage.history().startMs)),
    command('end', 'To the end of what is known; live: follow', ['End'], () => {
      stage.seek(stage.history().endMs);
      if (stage.isLive) stage.follow(true);
    }),
    ...(run === undefined ? [command('mark', 'Mark this moment', ['m'], () => mark(stage, say))] : []),
  ];
}

/** What is recorded can be marked; a run of the classroom's own is kept by its link. */
function mark(stage: Stage, say: (words: string) => void): void {
  const isDone = stage.mark();
  say(isDone ? 'Marked. The list of marks stands in the column.' : 'Nothing can be marked here.');
}

/** So often more is played when a step finds nothing, and so much each time, ms. */
const TRIES = 4;
const MORE_MS = 1500;

/** Steps; at the end of what is known, has the run played on and steps then. */
export async function stepOn(
  stage: Stage,
  run: Run | undefined,
  kind: StepKind,
  direction: 1 | -1,
): Promise<boolean> {
  if (stage.step(kind, direction)) return true;
  if (direction === -1 || run === undefined) return false;
  for (let tries = 0; tries < TRIES; tries += 1) {
    await run.playTo(stage.history().endMs + MORE_MS);
    if (stage.step(kind, direction)) return true;
  }
  return false;
}

function viewCommands({ stage, showPane, say }: StageKeysOptions): readonly Command[] {
  const command = (id: string, words: string, key: string, run: () => void): Command => ({
    id,
    words,
    group: 'View',
    keys: [key],
    run,
  });
  return [
    command('heartbeats', 'Heartbeats shown or not', 'h', () => stage.setHeartbeats(!stage.heartbeats())),
    command('view', 'See all, or only what the selected peer knows', 'g', () => {
      const isNode = stage.view() === 'god';
      if (isNode && stage.selectedPeer() === null) stage.selectPeer(stage.world().ids.at(-1) ?? null);
      stage.setView(isNode ? 'node' : 'god');
      say(
        isNode ? `What peer ${stage.selectedPeer()} knows.` : 'Everything, as nobody in the cluster sees it.',
      );
    }),
    command('layout', 'Ring or ladder', 'v', () =>
      stage.setLayout(stage.layout() === 'ring' ? 'ladder' : 'ring'),
    ),
    command('axis', 'Space-time by time or by logical order', 'o', () =>
      stage.setAxis(stage.axis() === 'time' ? 'logical' : 'time'),
    ),
    command('show-chart', 'Statechart', 's', () => showPane('chart')),
    command('show-space-time', 'Space-time diagram', 't', () => showPane('space-time')),
    command('show-beliefs', 'Beliefs', 'b', () => showPane('beliefs')),
    command('filter', 'Filter the message log', '/', () => showPane('log')),
  ];
}

function selectionCommands({ stage, run, say }: StageKeysOptions): readonly Command[] {
  const [picking, setPicking] = createSignal<Pick | null>(null);
  const digits = Array.from({ length: 9 }, (_, place) => String(place + 1));
  const choose = (key = '') => {
    const id = stage.ids()[Number(key) - 1];
    if (id === undefined) return;
    const pick = picking();
    if (pick === null) stage.selectPeer(id);
    else picked({ ...pick, ids: [...pick.ids.filter((one) => one !== id), id] });
  };
  const picked = (pick: Pick) => {
    const [from, to] = pick.ids;
    setPicking(pick);
    if (pick.purpose === 'partition') return say(`On one side: ${pick.ids.join(', ')}. Enter parts them.`);
    if (from === undefined || to === undefined) return say(`Cut from ${from ?? '…'} to …`);
    setPicking(null);
    run?.act(gestures.cutOneWay(from, to, stage.now()));
  };
  const finish = () => {
    const side = picking()?.ids ?? [];
    setPicking(null);
    const others = stage.world().ids.filter((id) => !side.includes(id));
    if (side.length > 0 && others.length > 0) run?.act(gestures.partition([side, others], stage.now()));
  };
  const own: readonly Command[] = [
    { id: 'select', words: 'Select a peer by its place', group: 'Selection', keys: digits, run: choose },
    {
      id: 'deselect',
      words: 'Select nothing',
      group: 'Selection',
      keys: ['Escape'],
      run: () => {
        setPicking(null);
        stage.openMenu(null);
        stage.selectPeer(null);
        stage.selectMessage(null);
      },
    },
  ];
  if (run === undefined) return own;
  return [
    ...own,
    {
      id: 'finish-partition',
      words: 'Part those that were picked',
      group: 'Faults',
      keys: ['Enter'],
      isPossible: () => picking()?.purpose === 'partition',
      run: finish,
    },
    ...faultCommands(stage, run, (purpose) => {
      setPicking({ purpose, ids: [] });
      say(
        purpose === 'cut'
          ? 'One-way cut: press the digit of who is not heard, then of who does not hear.'
          : 'Partition: press the digits of one side, then Enter.',
      );
    }),
  ];
}

function faultCommands(stage: Stage, run: Run, pick: (purpose: Pick['purpose']) => void): readonly Command[] {
  const moment = () => ({ world: stage.world(), at: stage.now(), script: run.script() });
  const ofPeer = (id: string, words: string, key: string, make: (peer: PeerId) => Act): Command => ({
    id,
    words,
    group: 'Faults',
    keys: [key],
    isPossible: () => stage.selectedPeer() !== null,
    run: () => {
      const peer = stage.selectedPeer();
      if (peer !== null) run.act(make(peer));
    },
  });
  const ofLeader = (words: string, key: string, make: typeof gestures.aligned): Command => ({
    id: words.split(' ')[0]?.toLowerCase() ?? words,
    words,
    group: 'Faults',
    keys: [key],
    run: () => {
      const leader = gestures.watchedLeader(stage.world());
      if (leader !== undefined) run.act(...make(leader, stage.world(), stage.now()));
    },
  });
  return [
    ofPeer('crash', 'Crash the selected peer, or start it again', 'x', (peer) =>
      gestures.crashOrRestart(peer, moment()),
    ),
    ofPeer('pause', 'Pause the selected peer, or let it go on', 'p', (peer) =>
      gestures.pauseOrResume(peer, moment()),
    ),
    {
      id: 'drop',
      words: 'Drop the selected message',
      group: 'Faults',
      keys: ['d'],
      isPossible: () => stage.selectedMessage() !== null,
      run: () => {
        const id = stage.selectedMessage();
        if (id !== null) run.act(gestures.messageAct('drop', id, stage.now()));
      },
    },
    { id: 'cut', words: 'Cut one direction', group: 'Faults', keys: ['l'], run: () => pick('cut') },
    {
      id: 'partition',
      words: 'Part the cluster',
      group: 'Faults',
      keys: ['k'],
      run: () => pick('partition'),
    },
    {
      id: 'heal',
      words: 'Heal every cut and partition',
      group: 'Faults',
      run: () => run.act(...gestures.healing(moment())),
    },
    ofLeader('Align timers: all notice at once', 'a', gestures.aligned),
    ofLeader('Spread timers: the highest notices first', 'r', gestures.spread),
  ];
}

/** What a stage can be written as: pictures of its panes, its trace, diagrams for other tools. */
import { recordsOf } from '../bookmarks.js';
import type { Script, TraceEvent } from '../contract.js';
import { download, fileNameOf } from '../exports/file.js';
import { drawingIn, pngOf, svgText } from '../exports/picture.js';
import { mermaidSequence, shivizLog } from '../exports/sequence.js';
import { testCase } from '../exports/test-case.js';
import type { Stage } from '../stage.js';
import { labelOf } from './labels.js';
import { copy } from './share.js';
import type { ExportChoice } from './shell.js';

export interface ExportSource {
  readonly stage: Stage;
  readonly name: () => string;
  /** Absent where there is no script: live, replayed. */
  readonly script?: (() => Script) | undefined;
  readonly say: (words: string) => void;
}

/** Panes of which there are pictures, as `data-pane` names them. */
const PANES = [
  ['arena', 'Arena'],
  ['space-time', 'Space-time diagram'],
  ['chart', 'Statechart'],
] as const;

export function stageExports(source: ExportSource): readonly ExportChoice[] {
  return [...pictures(source), ...traces(source), ...scripts(source)];
}

function pictures({ name, say }: ExportSource): readonly ExportChoice[] {
  const drawn = (pane: string, title: string): string | null => {
    const place = document.querySelector(`[data-pane="${pane}"]`);
    const drawing = place === null ? null : drawingIn(place);
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--panel').trim();
    const paper = /^#|^rgb/.test(ground) ? ground : panelColour(place);
    return drawing === null ? null : svgText(drawing, `${title}: ${name()}`, paper);
  };
  return PANES.flatMap(([pane, title]): ExportChoice[] => [
    {
      id: `svg-${pane}`,
      words: `${title} as SVG`,
      note: 'for documents; the styles are inside',
      run: () => {
        const svg = drawn(pane, title);
        if (svg === null) say(`The ${title.toLowerCase()} is not in view.`);
        else download(`${fileNameOf(`${name()} ${pane}`)}.svg`, svg, 'image/svg+xml');
      },
    },
    {
      id: `png-${pane}`,
      words: `${title} as PNG`,
      note: 'at twice its size',
      run: async () => {
        const svg = drawn(pane, title);
        if (svg === null) say(`The ${title.toLowerCase()} is not in view.`);
        else download(`${fileNameOf(`${name()} ${pane}`)}.png`, await pngOf(svg, 2));
      },
    },
  ]);
}

function panelColour(place: Element | null): string {
  const panel = place?.querySelector('.panel') ?? place;
  return panel === null ? '#ffffff' : getComputedStyle(panel).backgroundColor;
}

/** The records of the history, as lines, and among them what was marked; what the page has noted beside them is not theirs. */
export function traceText(stage: Stage): string {
  const history = stage.history();
  const marks = recordsOf(stage.bookmarks(), (history.at(history.length - 1)?.s ?? 0) + 1);
  const lines = eventsOf(stage).map((event, place) => {
    const { index: _place, own: _own, ...record } = event;
    const behind = marks.flatMap(({ after, record: mark }) =>
      after === place ? [JSON.stringify(mark)] : [],
    );
    return [JSON.stringify(record), ...behind].join('\n');
  });
  const header = history.header === null ? [] : [JSON.stringify(history.header.raw)];
  return `${[...header, ...lines].join('\n')}\n`;
}

function eventsOf(stage: Stage): readonly TraceEvent[] {
  const history = stage.history();
  return Array.from({ length: history.length }, (_, place) => history.at(place)).filter(
    (event) => event !== undefined,
  );
}

function traces({ stage, name, say }: ExportSource): readonly ExportChoice[] {
  const mermaid = () => {
    const history = stage.history();
    const telling = history.flights.filter(({ type, load }) => load > 0 || !isBeat(type));
    const span = { fromMs: history.startMs, toMs: history.endMs };
    return mermaidSequence(history.ids, telling, eventsOf(stage), span, labelOf);
  };
  return [
    {
      id: 'trace',
      words: 'Trace as NDJSON',
      note: 'every record; Replay opens it',
      run: () => download(`${fileNameOf(name())}.ndjson`, traceText(stage), 'application/x-ndjson'),
    },
    {
      id: 'mermaid',
      words: 'Messages as Mermaid sequence diagram',
      note: 'into the clipboard; heartbeats left out',
      run: async () => offer(mermaid(), `${fileNameOf(name())}.mmd`, say),
    },
    {
      id: 'shiviz',
      words: 'Log for ShiViz',
      note: 'with vector clocks',
      run: () => download(`${fileNameOf(name())}.shiviz.log`, shivizLog(eventsOf(stage), labelOf)),
    },
  ];
}

const isBeat = (type: string): boolean =>
  type === 'failure.heartbeat' || type === 'sequencer.append' || type === 'sequencer.appended';

function scripts({ stage, name, script, say }: ExportSource): readonly ExportChoice[] {
  if (script === undefined) return [];
  return [
    {
      id: 'scenario',
      words: 'Scenario as JSON',
      note: 'cluster and faults: all that the run is made of',
      run: () =>
        download(`${fileNameOf(name())}.json`, `${JSON.stringify(script(), null, 2)}\n`, 'application/json'),
    },
    {
      id: 'test',
      words: 'Copy as test',
      note: 'a Jest case that plays it and asserts who leads',
      run: async () => {
        const seen = { atMs: stage.now(), leaders: stage.world().leaders };
        await offer(testCase(script(), seen), `${fileNameOf(name())}.test.ts`, say);
      },
    },
  ];
}

/** Into the clipboard, or as a file where there is none. */
export async function offer(text: string, file: string, say: (words: string) => void): Promise<void> {
  if (await copy(text)) say('Copied.');
  else download(file, text);
}

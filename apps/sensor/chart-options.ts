/** How a chart looks: uPlot's options, with the page's own colours. */
import type uPlot from 'uplot';

const FONT = '12px system-ui, "Segoe UI", Roboto, sans-serif';
/** Lines are told apart by so many colours, and by their dashes, for who sees no difference between two of those. */
const COLOURS = 6;
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [11, 3, 2, 3]];
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly ids: readonly string[];
  /** Lines of readings; of what stays until it changes; or of windows, whose least and greatest are a band around the mean. */
  readonly shows: 'readings' | 'steps' | 'windows';
  /** All charts of one name show the moment that is pointed at in any of them. */
  readonly together: string;
  /** Moments of the calendar, or time that has passed since the beginning of a recording. Seconds both. */
  readonly clock: 'calendar' | 'passed';
  /** The axis of values begins at 0, and has 1 in it. */
  readonly isFromZero: boolean;
  /** How uPlot draws steps. */
  readonly stepped?: uPlot.Series.PathBuilder | undefined;
  /** A custom property of the page as a colour, of so many per cent; default 100. */
  readonly colour: (name: string, share?: number) => string;
  /** A place of the axis of time is pointed at; null when none is. */
  readonly onPoint: (place: number | null) => void;
}

export const colourName = (place: number): string => `--sensor-${place % COLOURS}`;
export const dashOf = (place: number): readonly number[] => DASHES[place % DASHES.length] ?? [];

export function optionsOf(look: Look): uPlot.Options {
  const { width, height, ids, shows, together, clock, isFromZero, colour, onPoint } = look;
  const lines = ids.flatMap((id, place) => seriesOf(id, place, look));
  return {
    width,
    height,
    legend: { show: false },
    cursor: {
      sync: { key: together },
      drag: { x: false, y: false, setScale: false },
      points: { size: 7 },
    },
    series: [{}, ...lines],
    bands: shows === 'windows' ? ids.map((_, place) => bandOf(place, colour)) : [],
    scales: {
      x: { time: clock === 'calendar' },
      ...(isFromZero && { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.08)] } }),
    },
    axes: [
      { ...axis(colour, 28), values: marked(clock === 'calendar' ? timeInWords : passedInWords) },
      axis(colour, 50),
    ],
    hooks: { setCursor: [(chart) => onPoint(chart.cursor.idx ?? null)] },
  };
}

function seriesOf(id: string, place: number, { shows, stepped, colour }: Look): readonly uPlot.Series[] {
  const line: uPlot.Series = {
    label: id,
    stroke: colour(colourName(place)),
    width: 1.8,
    dash: [...dashOf(place)],
    spanGaps: true,
    points: { show: false },
    ...(shows === 'steps' && stepped !== undefined && { paths: stepped }),
  };
  if (shows !== 'windows') return [line];
  const edge: uPlot.Series = { label: id, spanGaps: true, points: { show: false }, width: 0 };
  return [line, edge, edge];
}

/** Of each sensor: mean, greatest, least, behind the times. */
function bandOf(place: number, colour: Look['colour']): uPlot.Band {
  const mean = 1 + 3 * place;
  return { series: [mean + 1, mean + 2], fill: colour(colourName(place), 18) };
}

function axis(colour: Look['colour'], size: number): uPlot.Axis {
  const line = { stroke: colour('--line'), width: 1 };
  return { stroke: colour('--dim'), font: FONT, size, grid: line, ticks: { ...line, size: 5 }, gap: 4 };
}

const DAY_S = 86_400;
const MINUTE_S = 60;

/** Of all marks the words, which depend on how far apart they are. */
const marked =
  (wordsOf: (second: number, stepS: number) => string) =>
  (_chart: uPlot, seconds: number[], _axis: number, _space: number, stepS: number): string[] =>
    seconds.map((second) => wordsOf(second, stepS));

/** `14:05`, with seconds where they tell the marks apart; midnight is the day it begins. In the reader's own time. */
function timeInWords(second: number, stepS: number): string {
  const moment = new Date(second * 1000);
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0;
  if (stepS >= DAY_S || isMidnight)
    return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return moment.toLocaleTimeString('en-GB').slice(0, stepS < MINUTE_S ? 8 : 5);
}

/** `1:05`; tenths where they tell the marks apart. */
function passedInWords(second: number, stepS: number): string {
  const [minutes, rest] = [Math.floor(second / MINUTE_S), second % MINUTE_S];
  return `${minutes}:${stepS < 1 ? rest.toFixed(1).padStart(4, '0') : String(Math.round(rest)).padStart(2, '0')}`;
}

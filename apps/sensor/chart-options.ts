/** How a chart looks: uPlot's options, with the page's own colours. */
import type uPlot from 'uplot';

const FONT = '12px system-ui, "Segoe UI", Roboto, sans-serif';
const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3]];
/** Lines are told apart by so many colours; those after them by dashes, too. */
export const COLOURS = 6;
/** All charts show the moment that is pointed at in any of them. */
const TOGETHER = 'sensors';

export interface Look {
  readonly width: number;
  readonly height: number;
  readonly ids: readonly string[];
  /** Lines of readings; or of windows, whose least and greatest are a band around the mean. */
  readonly shows: 'readings' | 'windows';
  /** The value of a custom property of the page. */
  readonly colour: (name: string) => string;
  /** A place of the axis of time is pointed at; null when none is. */
  readonly onPoint: (place: number | null) => void;
}

export const colourName = (place: number): string => `--sensor-${place % COLOURS}`;
export const dashOf = (place: number): readonly number[] =>
  DASHES[Math.floor(place / COLOURS) % DASHES.length] ?? [];

export function optionsOf({ width, height, ids, shows, colour, onPoint }: Look): uPlot.Options {
  const lines = ids.flatMap((id, place) => seriesOf(id, place, shows, colour));
  return {
    width,
    height,
    legend: { show: false },
    cursor: {
      sync: { key: TOGETHER },
      drag: { x: false, y: false, setScale: false },
      points: { size: 7 },
    },
    series: [{}, ...lines],
    bands: shows === 'windows' ? ids.map((_, place) => bandOf(place, colour)) : [],
    axes: [{ ...axis(colour, 28), values: timesInWords }, axis(colour, 50)],
    hooks: { setCursor: [(chart) => onPoint(chart.cursor.idx ?? null)] },
  };
}

function seriesOf(
  id: string,
  place: number,
  shows: Look['shows'],
  colour: Look['colour'],
): readonly uPlot.Series[] {
  const line: uPlot.Series = {
    label: id,
    stroke: colour(colourName(place)),
    width: 1.8,
    dash: [...dashOf(place)],
    spanGaps: true,
    points: { show: false },
  };
  if (shows === 'readings') return [line];
  const edge: uPlot.Series = { label: id, spanGaps: true, points: { show: false }, width: 0 };
  return [line, edge, edge];
}

/** Of each sensor: mean, greatest, least, behind the times. */
function bandOf(place: number, colour: Look['colour']): uPlot.Band {
  const mean = 1 + 3 * place;
  return { series: [mean + 1, mean + 2], fill: `${colour(colourName(place))}2e` };
}

function axis(colour: Look['colour'], size: number): uPlot.Axis {
  const line = { stroke: colour('--line'), width: 1 };
  return { stroke: colour('--dim'), font: FONT, size, grid: line, ticks: { ...line, size: 5 }, gap: 4 };
}

const DAY_S = 86_400;
const MINUTE_S = 60;

/** `14:05`, with seconds where they tell the marks apart; midnight is the day it begins. In the reader's own time. */
function timesInWords(
  _chart: uPlot,
  seconds: number[],
  _axis: number,
  _space: number,
  stepS: number,
): string[] {
  return seconds.map((second) => {
    const moment = new Date(second * 1000);
    const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0;
    if (stepS >= DAY_S || isMidnight)
      return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    return moment.toLocaleTimeString('en-GB').slice(0, stepS < MINUTE_S ? 8 : 5);
  });
}

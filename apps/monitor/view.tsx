/** How a picture of the monitor looks. Its height stays below the terminal's, or the terminal would scroll. */
import { Box, Text, useStdout } from 'ink';
import { useSyncExternalStore } from 'react';
import type { Palette } from '../chat/palette.js';
import { harmless } from '../chat/words.js';
import { sparkline } from './beats.js';
import { bandsOf, bandText, type TimedEvent } from './history.js';
import type { Row } from './rows.js';
import type { Picture, Screen, ShownChart } from './screen.js';

/** Title, head of the table, strip, playhead, and note with keys. */
const OTHER_ROWS = 5;
const TABLE_COLUMNS = 72;
/** Below this the log goes under the table. */
const SIDE_BY_SIDE_COLUMNS = 110;
const STRIP_MARGIN = 10;

/** Of the table: place, id, role, leader, term, heartbeat, missed by, lag. */
const WIDTHS = [3, 9, 16, 8, 6, 14, 11, 5] as const;
const [PLACE, ID, ROLE, LEADER, TERM, BEAT, MISSED] = WIDTHS;

const KEYS = 'Space freeze  ←/→ scrub  1–9 select  s charts (↑/↓)  o page  w trace  q quit';

export function MonitorView({ screen, palette }: { readonly screen: Screen; readonly palette: Palette }) {
  const picture = useSyncExternalStore(screen.watch, screen.picture);
  const { stdout } = useStdout();
  const columns = stdout.columns || 80;
  const rows = (stdout.rows || 24) - 1;
  if (picture.over) return null;
  const isWide = columns >= SIDE_BY_SIDE_COLUMNS;
  const table = <Table picture={picture} palette={palette} most={Math.max(1, rows - OTHER_ROWS)} />;
  const height = isWide ? rows - OTHER_ROWS : rows - OTHER_ROWS - picture.rows.length;
  const width = isWide ? columns - TABLE_COLUMNS - 2 : columns;
  const side =
    picture.chart === null ? (
      <Log events={picture.events} height={height} palette={palette} />
    ) : (
      <Chart chart={picture.chart} height={height} palette={palette} />
    );
  return (
    <Box flexDirection="column" width={columns}>
      <Title picture={picture} palette={palette} />
      <Box flexDirection={isWide ? 'row' : 'column'}>
        <Box flexDirection="column" width={isWide ? TABLE_COLUMNS : columns}>
          {table}
        </Box>
        <Box flexDirection="column" width={width} marginLeft={isWide ? 2 : 0}>
          {side}
        </Box>
      </Box>
      <Strip picture={picture} palette={palette} columns={columns - STRIP_MARGIN} />
      <Text color={palette.dim} wrap="truncate-end">
        {picture.note === '' ? KEYS : `${harmless(picture.note)}  ·  ${KEYS}`}
      </Text>
    </Box>
  );
}

interface Painted {
  readonly picture: Picture;
  readonly palette: Palette;
}

function Title({ picture, palette }: Painted) {
  const { rows, moments, place, isFrozen, at } = picture;
  const answering = rows.filter(({ origin, word }) => origin !== null && word !== 'not answering').length;
  const asked = rows.filter(({ origin }) => origin !== null).length;
  const leader = moments[place]?.leader ?? null;
  const newest = moments.at(-1)?.at ?? at;
  return (
    <Text wrap="truncate-end">
      <Text bold>bullpen monitor</Text>
      {`  ${answering} of ${asked} answer  ·  `}
      {leader === null ? (
        <Text color={palette.fault}>nobody leads</Text>
      ) : (
        <Text color={palette.leader}>◆ {harmless(leader)} leads</Text>
      )}
      {'  ·  '}
      {isFrozen ? (
        <Text color={palette.candidate}>{`frozen ${ago(newest - at)} before the newest`}</Text>
      ) : (
        <Text color={palette.own}>live</Text>
      )}
    </Text>
  );
}

function Table({ picture, palette, most }: Painted & { readonly most: number }) {
  const head = ['', 'id', 'role', 'leader', 'term', 'heartbeat', 'missed by', 'lag'];
  return (
    <>
      <Text color={palette.dim} wrap="truncate-end">
        {head.map((word, place) => pad(word, WIDTHS[place] ?? 0)).join('')}
      </Text>
      {picture.rows.slice(0, most).map((row, place) => (
        <TableRow
          key={`${row.id} ${row.origin}`}
          row={row}
          place={place}
          isSelected={place === picture.selected}
          palette={palette}
        />
      ))}
    </>
  );
}

function TableRow(props: {
  readonly row: Row;
  readonly place: number;
  readonly isSelected: boolean;
  readonly palette: Palette;
}) {
  const { row, place, isSelected, palette } = props;
  const name = row.id === '?' ? (row.origin ?? '?').replace(/^https?:\/\//, '') : row.id;
  const beat = row.beatAgeMs === null ? '' : `${sparkline(row.beats)} ${ago(row.beatAgeMs)}`;
  return (
    <Text wrap="truncate-end" inverse={isSelected}>
      <Text color={palette.dim}>{pad(place < 9 ? String(place + 1) : '', PLACE)}</Text>
      {pad(name, ID)}
      <Text color={colourOf(row, palette)}>{pad(`${row.glyph} ${row.word}`, ROLE)}</Text>
      {pad(row.leader ?? '–', LEADER)}
      {pad(row.term === null ? '–' : String(row.term), TERM)}
      <Text color={palette.own}>{pad(beat, BEAT)}</Text>
      <Text color={palette.fault}>{pad(row.missedBy.join(' '), MISSED)}</Text>
      {row.lag === null ? '–' : String(row.lag)}
      {row.origin === null ? <Text color={palette.dim}> heard of</Text> : null}
    </Text>
  );
}

/** As wide as that, with a space at its end. */
const pad = (text: string, width: number): string => {
  const shown = harmless(text);
  return (shown.length >= width ? `${shown.slice(0, width - 2)}…` : shown).padEnd(width);
};

function ago(ms: number): string {
  if (ms < 1500) return 'now';
  return ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}

function colourOf({ word }: Row, palette: Palette): string {
  if (word === 'coordinator') return palette.leader;
  if (word === 'candidate') return palette.candidate;
  return word === 'not answering' || word === 'out of reach' ? palette.fault : palette.own;
}

function Log(props: {
  readonly events: readonly TimedEvent[];
  readonly height: number;
  readonly palette: Palette;
}) {
  const { events, height, palette } = props;
  if (height < 1) return null;
  return (
    <>
      {events.slice(-height).map(({ number, at, words, isWeighty }) => (
        <Text key={number} wrap="truncate-end" {...(isWeighty ? {} : { color: palette.dim })}>
          <Text color={palette.dim}>{clockOf(at)} </Text>
          {harmless(words)}
        </Text>
      ))}
    </>
  );
}

/** Minutes, seconds and tenths: the hour is the user's own. */
const clockOf = (at: number): string => new Date(at).toISOString().slice(14, 21);

/** Whole where it fits; else without what lies within states that are not active, and with the last active one in sight. */
function Chart(props: { readonly chart: ShownChart; readonly height: number; readonly palette: Palette }) {
  const { chart, height, palette } = props;
  const room = Math.max(0, height - 1);
  const lines = chart.lines.length <= room ? chart.lines : chart.lines.filter(({ isInActive }) => isInActive);
  const last = lines.findLastIndex(({ isActive }) => isActive);
  const start = Math.max(0, Math.min(last - room + 3, lines.length - room));
  return (
    <>
      <Text bold wrap="truncate-end">
        {harmless(`${chart.peer} · ${chart.machine}`)}
      </Text>
      {lines.slice(start, start + room).map(({ text, isActive }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a tree have no other name, and never change places.
        <Text key={place} wrap="truncate-end" color={isActive ? palette.leader : palette.dim}>
          {harmless(text)}
        </Text>
      ))}
    </>
  );
}

/** Who led when, and where in that time the picture is. */
function Strip({ picture, palette, columns }: Painted & { readonly columns: number }) {
  const { moments, at, isFrozen } = picture;
  const first = moments[0]?.at ?? at;
  const now = Math.max(moments.at(-1)?.at ?? at, at);
  const wide = Math.max(10, columns);
  const playhead = Math.min(wide - 1, Math.floor(((at - first) / Math.max(1, now - first)) * wide));
  let started = 0;
  return (
    <>
      <Text wrap="truncate-end">
        {bandsOf(moments, now, wide).map((band) => {
          started += band.columns;
          return (
            <Text key={started} color={band.leader === null ? palette.fault : palette.leader}>
              {harmless(bandText(band))}
            </Text>
          );
        })}
        <Text color={palette.dim}> {ago(now - first)}</Text>
      </Text>
      <Text color={palette.candidate}>{isFrozen ? `${' '.repeat(playhead)}▲` : ' '}</Text>
    </>
  );
}

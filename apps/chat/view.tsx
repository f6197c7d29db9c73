/** How a picture of the chat looks. */
import { Box, Static, Text, useStdout } from 'ink';
import { memo, useSyncExternalStore } from 'react';
import type { Delivery } from '../../actors/index.js';
import { glimpse } from './editor.js';
import { type Line, proseOf } from './lines.js';
import type { Palette } from './palette.js';
import type { Picture, Screen } from './screen.js';
import type { Conversation, PendingLine, Standing } from './state.js';
import { harmless, speakerOf, wordsOf } from './words.js';

const PENDING_SHOWN = 5;
/** Rows that are not pending lines: how many more wait, choices, status, a prompt of two, and one to spare. */
const OTHER_ROWS = 6;

/** The whole chat: what was said above, what lives below. */
export function ChatView({ screen, palette }: { readonly screen: Screen; readonly palette: Palette }) {
  const picture = useSyncExternalStore(screen.watch, screen.picture);
  return (
    <>
      <Static items={[...picture.lines]}>
        {(line, place) => (
          <SaidLine key={place} line={line} self={picture.conversation.self} palette={palette} />
        )}
      </Static>
      {picture.over ? null : <LiveArea picture={picture} palette={palette} />}
    </>
  );
}

function LiveArea({ picture, palette }: { readonly picture: Picture; readonly palette: Palette }) {
  const { stdout } = useStdout();
  const { conversation, editor, closing } = picture;
  const columns = stdout.columns || 80;
  const most = Math.max(0, Math.min(PENDING_SHOWN, (stdout.rows || 24) - OTHER_ROWS));
  const prompt = `${harmless(conversation.current)} › `;
  const shown = glimpse(editor, columns - prompt.length - 1);
  return (
    <Box flexDirection="column">
      <PendingLines pending={conversation.pending} most={most} palette={palette} />
      {editor.choices.length > 0 && (
        <Text color={palette.dim} wrap="truncate-end">
          {editor.choices.map(lastWord).join('  ')}
        </Text>
      )}
      <StatusLine conversation={conversation} palette={palette} />
      {!closing && (
        <Text>
          <Text color={palette.candidate}>{prompt}</Text>
          {shown.before}
          <Text inverse>{shown.under}</Text>
          {shown.after}
        </Text>
      )}
    </Box>
  );
}

const lastWord = (text: string): string => text.split(' ').at(-1) ?? text;

function PendingLines(props: {
  readonly pending: readonly PendingLine[];
  readonly most: number;
  readonly palette: Palette;
}) {
  const { pending, most, palette } = props;
  const shown = pending.slice(0, most);
  const more = pending.length - shown.length;
  return (
    <>
      {shown.map(({ number, text }) => (
        <Text key={number} color={palette.dim} dimColor wrap="truncate-end">
          … {harmless(text)}
        </Text>
      ))}
      {more > 0 && (
        <Text color={palette.dim} dimColor>
          … {shown.length === 0 ? `${more} waiting` : `and ${more} more`}
        </Text>
      )}
    </>
  );
}

function StatusLine({
  conversation,
  palette,
}: {
  readonly conversation: Conversation;
  readonly palette: Palette;
}) {
  const { self, standing, sequence, rooms } = conversation;
  const { role, coordinator, members, through } = standing;
  const well = members.filter(({ suspected }) => !suspected).length;
  const elsewhere = [...rooms].filter(([, { unseen }]) => unseen > 0);
  return (
    <Text color={palette.dim} wrap="truncate-end">
      <Text color={colourOfRole(role, palette)}>
        {role === 'client' ? `client at ${through ?? '-'}` : `${nameOf(self)} ${role}`}
      </Text>
      {' · '}
      {coordinator === null ? (
        <Text color={palette.fault}>no leader</Text>
      ) : (
        <>
          leader <Text color={palette.leader}>{coordinator}</Text>
        </>
      )}
      {standing.term === null ? '' : ` · term ${standing.term}`}
      {role === 'client' ? null : (
        <Text color={well < members.length ? palette.fault : palette.dim}>
          {` · members ${well}/${members.length}`}
        </Text>
      )}
      {` · seq ${sequence}`}
      {elsewhere.map(([room, { unseen }]) => ` · ${harmless(room)} +${unseen}`).join('')}
    </Text>
  );
}

/** `P3` where ids are numbers; a name stands for itself. */
const nameOf = (id: string): string => (/^\d+$/.test(id) ? `P${id}` : id);

function colourOfRole(role: Standing['role'], palette: Palette): string {
  if (role === 'coordinator') return palette.leader;
  return role === 'candidate' ? palette.candidate : palette.own;
}

/** One thing that was said. It never changes, so it is drawn once. */
const SaidLine = memo(function SaidLine(props: {
  readonly line: Line;
  readonly self: string;
  readonly palette: Palette;
}) {
  const { line, self, palette } = props;
  if (line.kind === 'delivery') return <Spoken delivery={line.delivery} self={self} palette={palette} />;
  if (line.kind === 'history')
    return (
      <Spoken delivery={line.delivery} self={self} palette={palette} own={line.delivery.topicSequence} />
    );
  const { mark, color } = markOf(line, palette);
  return (
    <Text color={color}>
      {proseOf(line)
        .map((text) => `${mark} ${text}`)
        .join('\n')}
    </Text>
  );
});

function Spoken(props: {
  readonly delivery: Delivery;
  readonly self: string;
  readonly palette: Palette;
  readonly own?: number;
}) {
  const { delivery, self, palette, own } = props;
  const { sequence, origin, payload } = delivery;
  const speaker = speakerOf(delivery);
  return (
    <Text>
      <Text color={palette.dim}>
        {own === undefined ? '' : `#${own} `}[seq={sequence}]{' '}
      </Text>
      <Text color={origin === self ? palette.own : palette.candidate}>&lt;{speaker}&gt;:</Text>{' '}
      {wordsOf(payload)}
    </Text>
  );
}

function markOf(line: Line, palette: Palette): { readonly mark: string; readonly color: string } {
  switch (line.kind) {
    case 'coordinator':
      return { mark: '◆', color: palette.leader };
    case 'waiting':
    case 'seeking':
      return { mark: '▲', color: palette.candidate };
    case 'refused':
    case 'warning':
    case 'mistake':
      return { mark: '✕', color: palette.fault };
    default:
      return { mark: '*', color: palette.dim };
  }
}

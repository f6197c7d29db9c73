/** What kind of thing a message is, for the eye: one shape and one colour each, never colour alone. */
declare const __VOCABULARY__: Readonly<Record<string, { readonly label: string; readonly meaning: string }>>;

export type Kind = 'election' | 'ok' | 'coordinator' | 'heartbeat' | 'data' | 'fault' | 'other';

/** In the order the legend shows them. */
export const KINDS: readonly { readonly kind: Kind; readonly word: string }[] = [
  { kind: 'election', word: 'ELECTION, COLLECT' },
  { kind: 'ok', word: 'OK, PROMISE' },
  { kind: 'coordinator', word: 'COORDINATOR' },
  { kind: 'data', word: 'data' },
  { kind: 'heartbeat', word: 'heartbeat' },
  { kind: 'fault', word: 'refusal' },
];

const BY_TYPE: Readonly<Record<string, Kind>> = {
  'election.start': 'election',
  'sequencer.collect': 'election',
  'election.answer': 'ok',
  'sequencer.promise': 'ok',
  'link.welcome': 'ok',
  'election.coordinator': 'coordinator',
  'election.alive': 'coordinator',
  'sequencer.handover': 'coordinator',
  'failure.heartbeat': 'heartbeat',
  // That something came from a peer, whatever it was: as good as a heartbeat, and as frequent.
  'link.heard': 'heartbeat',
  'causal.digest': 'heartbeat',
  'sequencer.refuse': 'fault',
  'sequencer.rejected': 'fault',
  'sequencer.mismatched': 'fault',
  'membership.refuse': 'fault',
  'sessions.redirect': 'fault',
  'sessions.retry': 'fault',
  'link.refuse': 'fault',
};

/** The kind of a message type, `sequencer.append` say. */
export const kindOf = (type: string): Kind =>
  BY_TYPE[type] ?? (type.startsWith('sequencer.') ? 'data' : 'other');

/** The textbook label of a message type: `ELECTION` for `election.start`; the type itself for what is no message. */
export const labelOf = (type: string): string => __VOCABULARY__[type]?.label ?? type;

/** One sentence of what the message says. */
export const meaningOf = (type: string): string | undefined => __VOCABULARY__[type]?.meaning;

const SVG = 'http://www.w3.org/2000/svg';

/** Outlines around the origin, some 14 units wide, drawn once and shared by the legend and by what flies. */
const OUTLINES: Readonly<Record<Kind, readonly string[]>> = {
  election: ['M0-7L7 6H-7Z'],
  ok: ['M-7 0a7 7 0 1 0 14 0a7 7 0 1 0-14 0', 'M-3.2.2L-.8 2.700 3.400-2.600'],
  coordinator: ['M0-8L7 0 0 8-7 0Z'],
  heartbeat: ['M-3.500 0a3.500 3.500 0 1 0 7 0a3.500 3.500 0 1 0-7 0'],
  data: ['M-5-5H5V5H-5Z'],
  fault: ['M-5-5L5 5M5-5L-5 5'],
  other: ['M-4-4H4V4H-4Z'],
};

/** A group with the shape of `kind`; colours come from the class, so themes need no redraw. */
export function drawShape(kind: Kind): SVGGElement {
  const group = document.createElementNS(SVG, 'g');
  group.setAttribute('class', `shape shape-${kind}`);
  for (const outline of OUTLINES[kind]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', outline);
    group.append(path);
  }
  return group;
}

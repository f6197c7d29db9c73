/** What of a peer differs between two places, in words. */
import { actorInWords, type PeerFace, roleInWords, stateInWords } from '../history/index.js';

export interface Change {
  readonly what: string;
  /** Null where there was nothing before, or is nothing now. */
  readonly was: string | null;
  readonly is: string | null;
}

const FIELDS: readonly { readonly what: string; readonly of: (face: PeerFace) => string }[] = [
  { what: 'condition', of: ({ condition }) => condition },
  { what: 'role', of: ({ role }) => roleInWords(role) },
  { what: 'follows', of: ({ follows }) => follows ?? 'nobody' },
  { what: 'term', of: ({ term }) => String(term) },
  { what: 'view', of: ({ view }) => String(view) },
  { what: 'members', of: ({ members }) => (members.length === 0 ? 'not told' : members.join(', ')) },
  { what: 'committed', of: ({ commit }) => String(commit) },
  { what: 'delivered', of: ({ delivered }) => String(delivered) },
];

export const fieldsOf = (face: PeerFace): readonly { readonly what: string; readonly is: string }[] =>
  FIELDS.map(({ what, of }) => ({ what, is: of(face) }));

/** Charts, then timers; connections come and go, and are left out. */
export function changesBetween(before: PeerFace | undefined, after: PeerFace | undefined): readonly Change[] {
  if (after === undefined) return [];
  const fields = FIELDS.flatMap(({ what, of }) => {
    const was = before === undefined ? null : of(before);
    return was === of(after) ? [] : [{ what, was, is: of(after) }];
  });
  const [earlier, later] = [before?.actors ?? {}, after.actors];
  const names = [...new Set([...Object.keys(earlier), ...Object.keys(later)])];
  const actors = names.filter(isShown).flatMap((name) => {
    const [was, is] = [earlier[name]?.state, later[name]?.state];
    if (was === is) return [];
    return [
      {
        what: actorInWords(name),
        was: was === undefined ? null : stateInWords(was),
        is: is === undefined ? null : stateInWords(is),
      },
    ];
  });
  return [...fields, ...actors];
}

const FIRST = ['election', 'sequencer', 'membership', 'failure-detector', 'peer'];

/** Where an actor stands in a list: what people look for first. */
export const weightOf = (actor: string): number => {
  const place = FIRST.indexOf(actor.replace(/:.*/, ''));
  return place === -1 ? FIRST.length : place;
};

/** Actors with a chart that says something to people. */
export const isShown = (actor: string): boolean => !/^(connection|accepted|disk|link|delivery)\b/.test(actor);

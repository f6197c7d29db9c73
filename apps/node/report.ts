/** What a headless peer says on stdout: `ready` first, then one line per event, for people or for programs. */
import type { Peer } from '../../actors/index.js';

/** Facts in the order in which they are written. */
export type Facts = Readonly<Record<string, string | number | readonly string[] | null>>;

/** Writes one event as `name key=value …`, or as one JSON object. */
export const lineOf = (json: boolean, event: string, facts: Facts): string =>
  json
    ? JSON.stringify({ event, ...facts })
    : [event, ...Object.entries(facts).map(([key, value]) => `${key}=${plain(value)}`)].join(' ');

function plain(value: Facts[string]): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'object') return value.join(',') || '-';
  return typeof value === 'string' && /[\s"=]/.test(value) ? JSON.stringify(value) : String(value);
}

/**
 * What every program that starts a peer says first once it is ready.
 *
 * @param http - HOST:PORT of HTTP, null when it is off.
 */
export function readyLine(peer: Peer, http: string | null, json: boolean): string {
  const { id, pid, address, coordinator, term } = peer.status();
  return lineOf(json, 'ready', { id, pid, listen: address, http, coordinator, term: term.n });
}

/** Writes every event of the peer until the returned function is called. */
export function reportPeer(peer: Peer, json: boolean, write: (line: string) => void): () => void {
  const say = (event: string, facts: Facts) => write(lineOf(json, event, facts));
  const detach = [
    peer.on('coordinator', (told) => say('coordinator', { id: told.coordinator, term: told.term.n })),
    peer.on('view', ({ number, coordinator: by, members }) =>
      say('view', { number, coordinator: by, members: members.map((member) => member.id) }),
    ),
    peer.on('role', ({ role }) => say('role', { role })),
    peer.on('suspected', ({ member }) => say('suspected', { id: member })),
    peer.on('trusted', ({ member }) => say('trusted', { id: member })),
    peer.on('lost', ({ lost }) => {
      if (lost.length > 0) say('lost', { messages: lost.length, ids: lost.map(({ id }) => id) });
    }),
    peer.on('stopped', ({ code, detail }) => {
      say('stopped', { code, detail });
      silence();
    }),
  ];
  const silence = () => {
    for (const end of detach) end();
  };
  return silence;
}

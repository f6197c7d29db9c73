/** Views and coordinators, told as they change. */
import type { Peer, PeerEvents } from '../../actors/index.js';
import type { Say } from '../node/console.js';

type View = PeerEvents['view'];

/**
 * The newest view that was installed. A status says who belongs as this peer sees it now; a view is what all of them were told
 * under its number.
 */
export class Views {
  latest: View | undefined;

  follow(peer: Peer): void {
    peer.on('view', (view) => {
      this.latest = view;
    });
  }
}

/** Tells of every view, coordinator and warning, beginning with the view and the coordinator there are. @returns what ends it. */
export function tellChanges(peer: Peer, { latest }: Views, say: Say): () => void {
  let before: readonly string[] = [];
  let warning = '';
  const view = ({ number, coordinator, members }: View) => {
    const alive = idsOf(members, 'alive');
    const joined = alive.filter((id) => !before.includes(id));
    const gone = before.filter((id) => !alive.includes(id));
    before = alive;
    // No words of its own: the line is the same for people and for programs.
    const suspected = idsOf(members, 'suspected');
    say('view_change', { view: number, members: alive, suspected, joined, gone, coordinator });
  };
  const coordinator = (id: string | null, term: number) => {
    const words =
      id === null
        ? 'no coordinator just now: readings wait'
        : `${id === peer.id ? `${id}, this peer,` : id} coordinates, in term ${term}`;
    say('coordinator', { id, term }, words);
  };
  const status = peer.status();
  if (latest !== undefined) view(latest);
  coordinator(status.coordinator, status.term.n);
  const detach = [
    peer.on('view', view),
    peer.on('coordinator', (told) => coordinator(told.coordinator, told.term.n)),
    peer.on('warning', ({ code, detail }) => {
      const words = `${code}: ${detail}`;
      if (words !== warning) say('warning', { code, detail }, words);
      warning = words;
    }),
  ];
  return () => {
    for (const end of detach) end();
  };
}

const idsOf = (members: View['members'], state: 'alive' | 'suspected'): readonly string[] =>
  members.filter((member) => member.state === state).map(({ id }) => id);

/** Tells of every view and every coordinator, from the ones there are on. */
import type { Peer, Status } from '../../actors/index.js';
import type { Say } from '../node/console.js';

type Members = Status['view']['members'];

/** @returns what ends it. */
export function tellChanges(peer: Peer, say: Say): () => void {
  let before: Members = [];
  let warning = '';
  const view = (number: number, coordinator: string | null, members: Members) => {
    const alive = idsOf(members, 'alive');
    const joined = alive.filter((id) => !idsOf(before, 'alive').includes(id));
    const gone = idsOf(before, 'alive').filter((id) => !alive.includes(id));
    before = members;
    // No words of its own: the line is the same for people and for programs.
    say('view_change', {
      view: number,
      members: alive,
      suspected: idsOf(members, 'suspected'),
      joined,
      gone,
      coordinator,
    });
  };
  const coordinator = (id: string | null, term: number) => {
    const words =
      id === null
        ? 'no coordinator just now: readings wait'
        : `${id === peer.id ? `${id}, this peer,` : id} coordinates, in term ${term}`;
    say('coordinator', { id, term }, words);
  };
  const status = peer.status();
  view(status.view.number, status.coordinator, status.view.members);
  coordinator(status.coordinator, status.term.n);
  const detach = [
    peer.on('view', (told) => view(told.number, told.coordinator, told.members)),
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

const idsOf = (members: Members, state: Members[number]['state']): readonly string[] =>
  members.filter((member) => member.state === state).map(({ id }) => id);

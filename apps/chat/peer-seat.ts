/** A seat at a peer of one's own: a member, with the whole log. */
import type { Delivery, Peer } from '../../actors/index.js';
import { leaveWithin } from '../node/leaving.js';
import { answersOf, lastOf } from './answers.js';
import type { Seat, SeatListener } from './seat.js';
import { standingOf } from './state.js';

/** A peer that has found nobody for so long says so. */
const LOOKING_AFTER_MS = 2000;

/**
 * @param peer - started; it need not be ready yet. When the seat is left, it has left its cluster, or was stopped.
 * @param seeds - where it looks for a cluster, for the words it says while it finds none.
 */
export const peerSeat = (peer: Peer, seeds: readonly string[] = []): Seat => ({
  id: peer.id,
  standing: () => standingOf(peer.status()),
  past: () => ({ topics: peer.topics(), sequence: peer.status().sequence }),
  recent: (limit, room) =>
    room === undefined
      ? peer.history({ after: Math.max(0, peer.status().sequence - limit), limit })
      : lastOf(peer, room, limit),
  follow: async (after, hear, signal) => {
    for await (const delivery of peer.deliveries({ after, signal })) hear(delivery);
  },
  submit: (room, text) => peer.submit(room, { text }),
  answers: (question) => answersOf(peer, question),
  transfer: async (to) => ({ term: (await peer.transfer(to)).term.n }),
  watch: (listener) => watch(peer, seeds, listener),
  leave: (settled) => leaveWithin(peer, settled),
});

function watch(peer: Peer, seeds: readonly string[], { stood, warned, ended }: SeatListener): () => void {
  const facts = ['coordinator', 'view', 'role', 'suspected', 'trusted'] as const;
  // Why it is over, with its code, is told to whoever waits for it to be ready.
  const hearEnd = () => peer.ready().catch(ended);
  const detach = [
    ...facts.map((fact) => peer.on(fact, stood)),
    peer.on('warning', ({ code, detail }) => warned(code, detail)),
    peer.on('lost', ({ lost }) => {
      if (lost.length > 0) warned('diverged', gone(lost.length));
      sayAgain(peer, lost);
    }),
    peer.on('stopped', hearEnd),
  ];
  hearEnd();
  const looking = setTimeout(() => {
    if (peer.status().role === 'unjoined') warned('looking', searchWords(seeds));
  }, LOOKING_AFTER_MS);
  return () => {
    clearTimeout(looking);
    for (const end of detach) end();
  };
}

const searchWords = (seeds: readonly string[]): string =>
  seeds.length === 0
    ? 'no cluster has come here yet: leave with Ctrl-C, and give --seed HOST:PORT to look for one, or --bootstrap to found one'
    : `no cluster found yet at ${seeds.join(', ')}: still looking; is a peer running there? Ctrl-C ends this one`;

const gone = (count: number): string =>
  `${count} delivered lines are gone: another coordinator's log has taken their place`;

/** Mode `classic`: what this user had said, and another coordinator's log does not hold, is said again, once. */
function sayAgain(peer: Peer, lost: readonly Delivery[]): void {
  const own = lost.filter(({ origin }) => origin === peer.id);
  if (own.length === 0) return;
  // The log that has won is delivered first: what it holds is not lost.
  setImmediate(() => {
    const kept = new Set(peer.history({ limit: Number.MAX_SAFE_INTEGER }).map(({ id }) => id));
    for (const { id, topic, payload } of own)
      if (!kept.has(id)) peer.submit(topic, payload, { key: `again:${id}` }).catch(() => {});
  });
}

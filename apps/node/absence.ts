/** For how long a peer has had no coordinator: a short absence is a change of office, a long one is a lost quorum. */
import type { Peer } from '../../actors/index.js';
import { HttpProblem } from './http-answer.js';

/** A cluster without a coordinator for longer than this has probably lost its quorum, not just its coordinator. */
const GRACE_MS = 1500;

export interface Absence {
  /** @throws HttpProblem 503 `no-coordinator` when there has been none for a while; `advice` ends the sentence. */
  check(advice: string): void;
  close(): void;
}

export function watchCoordinator(peer: Peer): Absence {
  let since: number | null = null;
  const notice = (coordinator: string | null) => {
    since = coordinator === null ? (since ?? performance.now()) : null;
  };
  notice(peer.status().coordinator);
  const close = peer.on('coordinator', ({ coordinator }) => notice(coordinator));
  return {
    check(advice) {
      notice(peer.status().coordinator);
      if (since === null || performance.now() - since <= GRACE_MS) return;
      throw new HttpProblem(503, 'no-coordinator', `no coordinator is known${advice}`, 1);
    },
    close,
  };
}

/**
 * Faults done to this very process, for whoever wants to see how a cluster bears them: it is killed, stopped for a while, or
 * cut off from others. Only with `--allow-faults`; each is told in the trace as it begins and as it ends.
 */
import { spawn } from 'node:child_process';
import * as z from 'zod';
import type { Peer } from '../../actors/index.js';
import { PeerId } from '../../transport/index.js';
import type { Act } from '../classroom/contract.js';
import { wordsOf } from '../classroom/engine/words.js';
import type { Cuts } from './cuts.js';
import { HttpProblem } from './http-answer.js';
import type { TraceRecorder } from './trace-recorder.js';

const ForMs = z.number().int().min(100).max(60_000);

/** What can be asked for. Times are in ms; a cut names others by their ids, and its direction as this peer sees it. */
export const FaultRequest = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('crash') }),
    z.strictObject({ kind: z.literal('pause'), forMs: ForMs }),
    z.strictObject({
      kind: z.literal('cut'),
      peers: z.array(PeerId).min(1).max(64),
      direction: z.enum(['in', 'out', 'both']),
      forMs: ForMs,
    }),
    z.strictObject({ kind: z.literal('heal') }),
  ],
  'must be an object whose kind is crash, pause, cut or heal',
);
export type FaultRequest = z.output<typeof FaultRequest>;
type CutRequest = Extract<FaultRequest, { kind: 'cut' }>;

/** A fault that lasts. `words` are for people: `the network splits: 3 | 1 and 2`. */
export interface ActiveFault {
  readonly kind: 'crash' | 'pause' | 'cut';
  readonly words: string;
  readonly leftMs: number;
}

export interface Faults {
  /** In the order in which they began. */
  active(): readonly ActiveFault[];
  /**
   * Does it. A crash or a pause is only prepared, for whoever asked is to be answered first.
   *
   * @returns what is to be done once the answer is on its way; null when all is done.
   * @throws HttpProblem when it cannot be done; nothing has begun then.
   */
  begin(request: FaultRequest): (() => void) | null;
  /** Lets go of the clock. What is cut stays so: the process ends. */
  close(): void;
}

/** Cuts that may last at a time. */
const CUTS_MAX = 64;
/** Between the answer and the end, so that the trace gets to its file and to whoever follows it. */
const LAST_WORDS_MS = 100;

/** Stops a process, and lets it go on. It does both itself: who cannot be woken is not to be stopped. */
const PAUSE = `const [pid, ms] = process.argv.slice(1).map(Number);
process.kill(pid, 'SIGSTOP');
setTimeout(() => process.kill(pid, 'SIGCONT'), ms);`;

/** One that has begun. */
interface Running {
  readonly fault: Omit<ActiveFault, 'leftMs'>;
  readonly until: number;
  end(): void;
}

/** @param cuts - those of the transport that `peer` speaks through. */
export function createFaults(
  peer: Pick<Peer, 'id' | 'status'>,
  cuts: Cuts,
  recorder: Pick<TraceRecorder, 'now' | 'tell' | 'tellLast'>,
): Faults {
  const running = new Set<Running>();
  const timers = new Set<ReturnType<typeof setTimeout>>();

  /** Tells of it, and keeps it until it is ended. */
  const enter = (kind: ActiveFault['kind'], forMs: number, acts: readonly Act[], mend: () => void) => {
    const tell = kind === 'crash' ? recorder.tellLast : recorder.tell;
    for (const act of acts) tell({ p: peer.id, act, phase: 'begin', words: wordsOf(act, 'begin') });
    const words = acts.map((act) => wordsOf(act, 'begin')).join('; ');
    const one: Running = {
      fault: { kind, words },
      until: performance.now() + forMs,
      end: () => {
        if (!running.delete(one)) return;
        mend();
        for (const act of acts) recorder.tell({ p: peer.id, act, phase: 'end', words: wordsOf(act, 'end') });
      },
    };
    running.add(one);
    return one;
  };
  const ofKind = (kind: ActiveFault['kind']) => [...running].filter(({ fault }) => fault.kind === kind);
  const at = () => Math.round(recorder.now());

  const crash = () => {
    const act: Act = { kind: 'crash', at: at(), forMs: 0, peer: peer.id, isPowerCut: false };
    enter('crash', 0, [act], () => {});
    return () => void setTimeout(() => process.kill(process.pid, 'SIGKILL'), LAST_WORDS_MS);
  };
  const pause = (forMs: number) => {
    if (ofKind('pause').length > 0) throw new HttpProblem(409, 'paused-already', 'a pause is about to begin');
    const one = enter('pause', forMs, [{ kind: 'pause', at: at(), forMs, peer: peer.id }], () => {});
    return () => stopFor(forMs, one.end);
  };
  const cut = (request: CutRequest) => {
    if (ofKind('cut').length >= CUTS_MAX)
      throw new HttpProblem(503, 'too-many-faults', `at most ${CUTS_MAX} cuts may last at a time`, 1);
    const { forMs } = request;
    const mend = cuts.add(cutOf(peer, request));
    const one = enter('cut', forMs, actsOf(peer.id, request, at()), () => {
      mend();
      clearTimeout(timer);
      timers.delete(timer);
    });
    const timer = setTimeout(one.end, forMs);
    timers.add(timer);
  };

  return {
    active: () =>
      [...running].map(({ fault, until }) => ({
        ...fault,
        leftMs: Math.max(0, Math.round(until - performance.now())),
      })),
    begin: (request) => {
      switch (request.kind) {
        case 'crash':
          return crash();
        case 'pause':
          return pause(request.forMs);
        case 'cut':
          cut(request);
          return null;
        case 'heal':
          for (const one of ofKind('cut')) one.end();
          return null;
        default:
          return request satisfies never;
      }
    },
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A process of its own stops this one and wakes it: one that is stopped cannot. */
function stopFor(forMs: number, ended: () => void): void {
  const words = ['-e', PAUSE, String(process.pid), String(forMs)];
  const waker = spawn(process.execPath, words, { detached: true, stdio: 'ignore' });
  waker.once('error', ended);
  waker.once('exit', ended);
  waker.unref();
}

/** @throws HttpProblem 404 when one of them is no member, 400 when it is this peer. */
function cutOf(peer: Pick<Peer, 'id' | 'status'>, { peers, direction }: CutRequest) {
  const { members } = peer.status().view;
  const addresses = peers.map((id) => {
    if (id === peer.id) throw new HttpProblem(400, 'bad-request', 'peers: names this peer itself');
    const member = members.find((one) => one.id === id);
    if (member === undefined) throw new HttpProblem(404, 'unknown-member', `peers: ${id} is no member`);
    return member.address;
  });
  return { peers, direction, addresses };
}

/** As the classroom draws it: a wall between two sides, or single ways. */
function actsOf(me: PeerId, { peers, direction, forMs }: CutRequest, at: number): readonly Act[] {
  if (direction === 'both') return [{ kind: 'partition', at, forMs, sides: [[me], [...peers]] }];
  return peers.map((other) => ({
    kind: 'cut',
    at,
    forMs,
    ...(direction === 'in' ? { from: other, to: me } : { from: me, to: other }),
  }));
}

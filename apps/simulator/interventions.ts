/** What each kind of fault does to a simulation when it begins, and when it ends. */
import type { PeerId } from '../../transport/anywhere.js';
import type { SimulatedProcess } from './process.js';
import type { Fault, FaultKind } from './scenario.js';
import type { Simulation } from './simulation.js';

type Of<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

interface Effect<Kind extends FaultKind> {
  readonly begin: (simulation: Simulation, fault: Of<Kind>) => void;
  /** For those that last. */
  readonly end?: (simulation: Simulation, fault: Of<Kind>) => void;
}

const EFFECTS: { readonly [Kind in FaultKind]: Effect<Kind> } = {
  crash: {
    begin: (simulation, { peer, isPowerCut }) => bringDown(simulation, simulation.process(peer), isPowerCut),
    end: (simulation, { peer }) => bringUp(simulation, simulation.process(peer)),
  },
  wipe: {
    begin: (simulation, { peer }) => {
      const process = simulation.process(peer);
      const mayGo = simulation.maySpareOne;
      bringDown(simulation, process, false);
      if (mayGo) process.drive.wipe();
    },
    end: (simulation, { peer }) => bringUp(simulation, simulation.process(peer)),
  },
  damage: {
    begin: (simulation, { peer, left }) => {
      const process = simulation.process(peer);
      const mayGo = simulation.maySpareOne;
      bringDown(simulation, process, false);
      if (mayGo) process.drive.damage(left);
    },
    end: (simulation, { peer }) => bringUp(simulation, simulation.process(peer)),
  },
  pause: {
    begin: (simulation, { peer }) => {
      simulation.process(peer).pause();
      simulation.paths.network.hold(peer);
    },
    end: (simulation, { peer }) => {
      simulation.paths.network.release(peer);
      simulation.process(peer).resume();
    },
  },
  partition: {
    begin: ({ paths }, fault) => forEachCut(fault, (from, to) => paths.cut(from, to)),
    end: ({ paths }, fault) => forEachCut(fault, (from, to) => paths.mend(from, to)),
  },
  cut: {
    begin: ({ paths }, { from, to }) => paths.cut(from, to),
    end: ({ paths }, { from, to }) => paths.mend(from, to),
  },
  reset: {
    begin: ({ paths }, { from, to, heardBy }) => paths.network.reset(from, to, { heardBy }),
  },
  'slow-path': {
    begin: ({ paths }, { from, to, byMs }) => paths.slow(from, to, byMs),
    end: ({ paths }, { from, to, byMs }) => paths.slow(from, to, -byMs),
  },
  'slow-disk': {
    begin: (simulation, { peer, byMs }) => {
      simulation.process(peer).drive.slowByMs += byMs;
    },
    end: (simulation, { peer, byMs }) => {
      simulation.process(peer).drive.slowByMs -= byMs;
    },
  },
  'disk-failure': {
    begin: (simulation, { peer, detail }) => {
      simulation.process(peer).drive.failure = detail;
    },
    end: (simulation, { peer }) => {
      simulation.process(peer).drive.failure = null;
      restore(simulation, simulation.process(peer));
    },
  },
  'full-disk': {
    begin: (simulation, { peer }) => {
      simulation.process(peer).drive.isFull = true;
    },
    end: (simulation, { peer }) => {
      simulation.process(peer).drive.isFull = false;
    },
  },
  'wall-clock': { begin: (simulation, { peer, byMs }) => simulation.process(peer).turnWallClock(byMs) },
  join: {
    begin: (simulation, { peer }) => {
      const process = simulation.process(peer);
      process.isOut = false;
      if (process.downs === 0 && !process.isRunning) simulation.start(process);
    },
  },
  leave: {
    begin: (simulation, { peer }) => {
      // Its answer comes as an event: nobody waits for the promise.
      if (simulation.maySpareOne)
        simulation
          .process(peer)
          .peer?.leave()
          .catch(() => {});
    },
  },
  broadcast: { begin: (simulation, fault) => broadcastNext(simulation, fault, 0) },
  read: { begin: (simulation, fault) => readNext(simulation, fault, 0) },
  client: { begin: (simulation, fault) => simulation.visit(fault) },
  transfer: {
    // The answers of whoever is asked come as events: nobody waits for the promises.
    begin: (simulation, { peer, to }) => {
      simulation
        .process(peer)
        .peer?.transfer(to)
        .catch(() => {});
    },
  },
  drain: {
    begin: (simulation, { peer }) => {
      simulation
        .process(peer)
        .peer?.drain()
        .catch(() => {});
    },
    end: (simulation, { peer }) => {
      const process = simulation.process(peer);
      bringDown(simulation, process, false);
      bringUp(simulation, process);
    },
  },
  load: { begin: (simulation, fault) => submitNext(simulation, fault, 0) },
};

export function begin<Kind extends FaultKind>(simulation: Simulation, fault: Of<Kind>): void {
  (EFFECTS[fault.kind] as Effect<Kind>).begin(simulation, fault);
}

export function end<Kind extends FaultKind>(simulation: Simulation, fault: Of<Kind>): void {
  (EFFECTS[fault.kind] as Effect<Kind>).end?.(simulation, fault);
}

function bringDown(simulation: Simulation, process: SimulatedProcess, isPowerCut: boolean): void {
  process.downs += 1;
  if (process.isRunning) simulation.kill(process, isPowerCut);
}

function bringUp(simulation: Simulation, process: SimulatedProcess): void {
  process.downs -= 1;
  restore(simulation, process);
}

/** Somebody starts it again, unless another fault keeps it down or it does not belong to the cluster. */
function restore(simulation: Simulation, process: SimulatedProcess): void {
  const isWanted = process.lives > 0 && !process.isOut && process.downs === 0;
  if (isWanted && !process.isRunning) simulation.start(process);
}

function forEachCut({ sides }: Of<'partition'>, act: (from: PeerId, to: PeerId) => void): void {
  for (const side of sides)
    for (const other of sides)
      if (side !== other) for (const from of side) for (const to of other) act(from, to);
}

function submitNext(simulation: Simulation, fault: Of<'load'>, place: number): void {
  const { peer, count, everyMs, isRetried, timeoutMs, at } = fault;
  const said = sayingOf(fault, place);
  const options = {
    ...(isRetried && { key: `${peer} at ${at}: ${place}` }),
    ...(timeoutMs !== null && { timeoutMs }),
  };
  simulation.submit(simulation.process(peer), said, options);
  simulation.command(simulation.process(peer), timeoutMs === null ? {} : { timeoutMs });
  const other = [...simulation.processes.values()].find(({ id, isRunning }) => id !== peer && isRunning);
  if (isRetried && other !== undefined) simulation.submit(other, said, options);
  if (place + 1 < count) simulation.clock.setTimeout(() => submitNext(simulation, fault, place + 1), everyMs);
}

/** So many bytes, or words: numbered when there are several. */
function sayingOf({ bytes, text, count }: Of<'load'>, place: number): number | string {
  if (text === undefined) return bytes;
  return count === 1 ? text : `${text} ${place + 1}`;
}

function readNext(simulation: Simulation, fault: Of<'read'>, place: number): void {
  simulation.read(simulation.process(fault.peer));
  if (place + 1 < fault.count)
    simulation.clock.setTimeout(() => readNext(simulation, fault, place + 1), fault.everyMs);
}

function broadcastNext(simulation: Simulation, fault: Of<'broadcast'>, place: number): void {
  simulation.broadcast(simulation.process(fault.peer));
  if (place + 1 < fault.count)
    simulation.clock.setTimeout(() => broadcastNext(simulation, fault, place + 1), fault.everyMs);
}

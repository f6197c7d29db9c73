/** What Prometheus is told: the peer's own figures, those of its process, and which state every machine is in. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Peer, Status } from '../../actors/index.js';

/** The metrics of `peer`, in a registry of their own. `changes` is how often it has learnt of another coordinator. */
export function createRegistry(peer: Peer, version: string, changes: () => number): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'bullpen_' });
  new Gauge({
    name: 'bullpen_build_info',
    help: 'Always 1; the label names the version.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  gaugeStatus(registry, peer);
  gaugeMachines(registry, peer);
  new Counter({
    name: 'bullpen_coordinator_changes_total',
    help: 'How often this peer has learnt of another coordinator.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(changes());
    },
  });
  return registry;
}

const FIGURES: readonly (readonly [name: string, help: string, read: (status: Status) => number])[] = [
  ['has_coordinator', '1 while a coordinator is known.', (status) => Number(status.coordinator !== null)],
  ['is_coordinator', '1 while this peer coordinates.', (status) => Number(status.role === 'coordinator')],
  ['ready', '1 while joined, with a coordinator, and caught up.', (status) => Number(status.ready)],
  ['term', 'Number of the current term.', (status) => status.term.n],
  ['promised_term', 'Number of the highest term promised.', (status) => status.promised.n],
  ['view_number', 'Number of the current view.', (status) => status.view.number],
  ['view_members', 'Members of the current view.', (status) => status.view.members.length],
  ['commit_index', 'Highest log index known to be committed.', (status) => status.commit],
  ['applied_index', 'Highest log index applied here.', (status) => status.applied],
  ['last_index', 'Last log index here.', (status) => status.last],
  ['sequence', 'Sequence of the last delivery here.', (status) => status.sequence],
];

function gaugeStatus(registry: Registry, peer: Peer): void {
  for (const [name, help, read] of FIGURES) {
    new Gauge({
      name: `bullpen_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read(peer.status()));
      },
    });
  }
}

/** One line per actor, for the state it is in now; the states it is not in are not told. */
function gaugeMachines(registry: Registry, peer: Peer): void {
  new Gauge({
    name: 'bullpen_machine_state',
    help: '1 for the active state of every statechart.',
    labelNames: ['machine', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [machine, state] of Object.entries(peer.status().machines)) this.set({ machine, state }, 1);
    },
  });
}

/** The peer's own counters, each under its name: some appear only once they have counted something. */
export function readCounters(registry: Registry, peer: Peer): void {
  for (const [counter, value] of Object.entries(peer.counters())) {
    const name = `bullpen_${counter.replaceAll(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase()}`;
    const known = registry.getSingleMetric(name);
    const gauge =
      known instanceof Gauge
        ? known
        : new Gauge({ name, help: `The peer's counter "${counter}".`, registers: [registry] });
    gauge.set(value);
  }
}

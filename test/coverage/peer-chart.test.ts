/**
 * The peer's own chart, taken whole by stories: how a peer begins, belongs, and ends.
 *
 * What its machines do meanwhile is told elsewhere; here it matters that every event of the routing table comes, and
 * that every way out of the chart is gone once.
 */
import { createActor } from 'xstate';
import { Deliveries } from '../../actors/deliveries.js';
import type { Outlet, Report } from '../../actors/environment.js';
import {
  type Environment,
  type JournalStore,
  memoryJournal,
  PeerOptions,
  timingsOf,
} from '../../actors/index.js';
import { peerMachine } from '../../actors/peer.js';
import { MemoryNetwork } from '../../transport/memory.js';
import type { Channel } from '../../transport/transport.js';
import { VirtualClock } from '../../transport/virtual-clock.js';
import { Cluster, startCluster } from '../support/cluster.js';
import { expectFullCoverage, watch } from '../support/coverage.js';
import { withChannels } from '../support/narrow-line.js';
import { expectNothingLost, runs, stepUntil } from '../support/stories.js';
import { clientStories } from './peer-clients.js';
import { discoveryStories } from './peer-discovery.js';
import { foundingStories } from './peer-founding.js';
import { handoverStories } from './peer-handover.js';
import { storageStories } from './peer-storage.js';
import { watchStories } from './peer-watch.js';

watch(peerMachine);

const three = ['1', '2', '3'];
const lead = (cluster: Cluster, id: string) => () => cluster.coordinator() === id;
const electionOf = (cluster: Cluster, id: string) => cluster.status(id).machines.election ?? '';
const sequencerOf = (cluster: Cluster, id: string) => cluster.status(id).machines.sequencer ?? '';
const endOf = (cluster: Cluster, id: string) => {
  const ends: string[] = [];
  cluster.peer(id).on('stopped', ({ code, detail }) => ends.push(`${code}: ${detail}`));
  return ends;
};

clientStories();
storageStories();
handoverStories();
foundingStories();
discoveryStories();
watchStories();

describe('a peer begins', () => {
  it('with a cluster of its own, or in one that is there', () => {
    const cluster = startCluster(three);

    for (const id of three) cluster.say(id, `hello from ${id}`);
    cluster.advance(300);

    expect(expectNothingLost(cluster)).toHaveLength(3);
  });

  it('again with what its journal holds', () => {
    const cluster = startCluster(three);

    cluster.crash('1');
    cluster.until('it is missed', () =>
      cluster
        .peer('2')
        .beliefs()
        .some((b) => b.id === '1' && b.state === 'suspected'),
    );
    cluster.start('1');
    cluster.until('all are ready', () => cluster.coordinator() === '3');

    expect(
      cluster
        .peer('2')
        .beliefs()
        .find(({ id }) => id === '1')?.state,
    ).toBe('trusted');
  });

  it('looking for a cluster, and says so once a minute', () => {
    const cluster = new Cluster({ peers: three });

    cluster.start('2');
    cluster.advance(61_000);

    expect(cluster.warnings).toEqual([expect.stringMatching(/^2: looking-for-cluster: /)]);
  });

  it('not at all on a disk that another process holds', () => {
    const cluster = startCluster(['1']);

    const second = cluster.start('1', {}, { isNamesake: true });
    cluster.advance(100);

    expect(second.status().role).toBe('stopped');
    expect(cluster.warnings).toEqual(['1: failed: this memory journal is open already']);
    expect(cluster.coordinator()).toBe('1');
  });

  it('not at all where it cannot listen', () => {
    const cluster = new Cluster({ peers: ['1'] });

    cluster.start('1', { listen: 'elsewhere:7000' });
    cluster.advance(100);

    expect(cluster.warnings).toEqual(['1: failed: elsewhere:7000 is no address of 1']);
    expect(cluster.status('1').role).toBe('stopped');
  });

  it('not at all in a cluster of another name', () => {
    const cluster = startCluster(['1']);

    cluster.start('2', { cluster: 'green', seeds: ['1:7000'] });
    const end = endOf(cluster, '2');
    cluster.until('it has stopped', () => end.length > 0);

    expect(end[0]).toMatch(/^failed: .*belongs to cluster "bullpen"/);
  });

  it('not at all under the id of a peer that lives, though its seed knows nothing of that one', () => {
    const cluster = startCluster(three);
    cluster.network.cut('1', '2');
    cluster.network.reset('1', '2');

    cluster.wipe('2');
    const second = cluster.start(
      '2',
      { listen: 'elsewhere:7000', seeds: ['1:7000'] },
      { isNamesake: true, environment: { transport: cluster.network.transport('elsewhere') } },
    );
    cluster.until('it has stopped', () => second.status().role === 'stopped');

    expect(cluster.warnings.at(-1)).toMatch(/^2: failed: a live peer of the cluster has the id 2 already/);
    expect(cluster.status('3').role).toBe('coordinator');
  });
});

describe('a peer goes on', () => {
  it('when a stranger says what is no greeting', () => {
    const cluster = startCluster(['1']);
    const stranger = cluster.network.transport('stranger');

    const channel = stranger.dial('1:7000', {
      opened: () => channel.send('GET / HTTP/1.1'),
      received: () => {},
      closed: () => {},
    });
    cluster.advance(100);

    expect(cluster.warnings).toEqual([expect.stringMatching(/^1: not-json: /)]);
    expect(cluster.coordinator()).toBe('1');
  });

  it('when its seed belongs to a cluster of its own', () => {
    const cluster = new Cluster({ peers: ['1', '2'] });

    for (const id of ['1', '2']) cluster.start(id, { bootstrap: true });
    cluster.advance(1000);

    expect(cluster.warnings.join()).toMatch(/2: cluster-mismatch: /);
    expect(['1', '2'].map((id) => cluster.status(id).role)).toEqual(['coordinator', 'coordinator']);
  });

  it('when a candidate is left without answers', () => {
    const cluster = startCluster(three);

    cluster.crash('3');
    stepUntil(cluster, '2 collects', () => electionOf(cluster, '2') === 'winning');
    cluster.network.cut('1', '2');
    cluster.until('2 gives its term up', () => electionOf(cluster, '2') !== 'winning');
    cluster.network.heal();
    cluster.until('2 leads', lead(cluster, '2'));

    expectNothingLost(cluster);
  });

  it('when the successor does not take over', () => {
    const cluster = startCluster(three);
    cluster.crash('3');
    cluster.until('2 leads', lead(cluster, '2'));

    cluster.start('3');
    stepUntil(cluster, '2 hands over', () => sequencerOf(cluster, '2').includes('handing'));
    cluster.network.cut('2', '3');
    cluster.until('2 serves again', () => sequencerOf(cluster, '2').includes('serving'));
    cluster.network.heal();
    cluster.until('3 leads after all', lead(cluster, '3'));

    expectNothingLost(cluster);
  });

  it('when submissions come to a coordinator that has just handed over', () => {
    const cluster = startCluster(three, { network: () => ({ latencyMs: () => 10 }) });

    void cluster.peer('3').leave();
    for (const n of runs(200)) {
      cluster.say('1', `line ${n}`);
      cluster.advance(5);
    }
    cluster.until('3 has stopped', () => cluster.status('3').role === 'stopped');
    cluster.peers.delete('3');
    cluster.advance(500);

    expect(expectNothingLost(cluster)).toHaveLength(200);
  });

  it('when a submission never arrives: what follows shows the gap, and it is sent again', () => {
    const cluster = new Cluster({ peers: three });
    let toSwallow = 0;
    const swallowing = (channel: Channel): Channel => ({
      remoteAddress: channel.remoteAddress,
      close: () => channel.close(),
      send: (frame) => {
        if (toSwallow > 0 && frame.includes('"sequencer.submit"')) toSwallow--;
        else channel.send(frame);
      },
    });
    cluster.start('1', {}, { behind: (transport) => withChannels(transport, swallowing) });
    for (const id of ['2', '3']) cluster.start(id);
    cluster.until('3 leads', () => lead(cluster, '3')() && cluster.isAtRest());

    toSwallow = 1;
    cluster.say('1', 'swallowed');
    cluster.advance(5);
    cluster.say('1', 'not swallowed');
    cluster.advance(100);

    expect(toSwallow).toBe(0);
    expect(expectNothingLost(cluster)).toEqual(['1 1: swallowed', '2 1: not swallowed']);
  });
});

describe('a peer ends', () => {
  it('when told to, once, however often it is told', () => {
    const cluster = startCluster(three);
    const end = endOf(cluster, '1');

    void cluster.peer('1').stop();
    void cluster.peer('1').stop();
    cluster.advance(100);

    expect(end).toEqual(['stopped: stopped']);
    expect(cluster.status('2').view.members).toHaveLength(3);
  });

  it('by leaving; started again before it heard so, it finds itself outside and asks to come back', () => {
    const cluster = startCluster(three);

    void cluster.peer('1').leave();
    cluster.advance(3);
    cluster.crash('1');
    cluster.start('1', { bootstrap: false });
    cluster.until('1 is out', () => cluster.status('1').role === 'unjoined');
    cluster.until('1 votes again', () => cluster.isAtRest() && cluster.status('1').role === 'follower');

    expect(
      cluster
        .status('1')
        .view.members.map(({ id }) => id)
        .sort(),
    ).toEqual(three);
  });

  it('when its disk fails', () => {
    const { cluster, end } = withDisk((done) => done({ code: 'journal-failed', detail: 'no space' }));

    cluster.advance(100);
    void cluster.peer('1').stop();

    expect(end).toEqual(['failed: no space']);
  });

  it('when a part of it throws: there are no half-dead peers', () => {
    const { cluster, end } = withDisk(() => {
      throw new Error('a slip of ours');
    });

    cluster.advance(100);

    expect(end).toEqual([expect.stringMatching(/^failed: journal has died: .*a slip of ours/)]);
  });

  it('once: what its doors say afterwards changes nothing', () => {
    const { actor, reports } = bare({ listen: 'elsewhere:7000' });

    actor.send({ type: 'link.failed', code: 'port-in-use', detail: 'late' });
    actor.send({ type: 'journal.failed', code: 'journal-failed', detail: 'late' });

    expect(actor.getSnapshot().value).toBe('failed');
    expect(reports.map((report) => ('detail' in report ? report.detail : report.type))).toEqual([
      'elsewhere:7000 is no address of 1',
    ]);
  });
});

/** A founder whose disk does this with its first write. */
function withDisk(write: (done: Parameters<JournalStore['write']>[1]) => void) {
  const cluster = new Cluster({ peers: ['1'] });
  const journal = (freshIncarnation: string): JournalStore => ({
    ...memoryJournal({
      wanted: { cluster: 'bullpen', mode: 'safe', id: '1', freshIncarnation },
      defer: (task) => cluster.clock.setTimeout(task, 1),
    }),
    write: (_, done) => write(done),
  });
  cluster.start('1', {}, { environment: { journal } });
  return { cluster, end: endOf(cluster, '1') };
}

/** The peer's actor without its handle, after a while. */
function bare(input: { readonly listen: string }) {
  const clock = new VirtualClock();
  const options = PeerOptions.parse({ id: '1', ...input });
  const reports: Report[] = [];
  const wanted = { cluster: options.cluster, mode: options.mode, id: '1' };
  const environment: Environment = {
    clock,
    wallClock: () => 0,
    pid: null,
    random: () => 0.5,
    transport: new MemoryNetwork({ clock }).transport('1'),
    journal: (freshIncarnation) =>
      memoryJournal({ wanted: { ...wanted, freshIncarnation }, defer: (task) => clock.setTimeout(task, 1) }),
  };
  const outlet: Outlet = {
    deliveries: new Deliveries(),
    settled: () => {},
    skipped: () => {},
    report: (report) => void reports.push(report),
    count: () => {},
  };
  const actor = createActor(peerMachine, {
    input: { options, timings: timingsOf(options), takeover: 'afterSync', environment, outlet },
    clock: clock as never,
    systemId: 'peer',
  });
  actor.start();
  clock.advance(100);
  return { actor, reports };
}

it('is covered: every state, every transition', () => expectFullCoverage(peerMachine));

import { Beats, sparkline } from '../../apps/monitor/beats.js';
import { eventsIn, type StreamedEvent } from '../../apps/monitor/event-stream.js';
import { bandsOf, bandText, History } from '../../apps/monitor/history.js';
import { leaderOf, rowsOf } from '../../apps/monitor/rows.js';
import { Screen } from '../../apps/monitor/screen.js';
import type { SeenBeliefs, SeenStatus } from '../../apps/monitor/seen.js';
import { readMonitorSettings } from '../../apps/monitor/settings.js';
import { advance, type Cluster, type Happening, openCluster } from '../../apps/monitor/state.js';
import { treeOf } from '../../apps/monitor/tree.js';

const ORIGINS = ['http://one', 'http://two', 'http://three'];

const statusOf = (id: string, more: Partial<SeenStatus> = {}): SeenStatus => ({
  id,
  pid: 100 + Number(id),
  cluster: 'bullpen',
  role: id === '3' ? 'coordinator' : 'follower',
  term: { n: 2 },
  coordinator: '3',
  view: { number: 4, members: ['1', '2', '3'].map((member) => ({ id: member, role: 'voter' })) },
  applied: 9,
  last: 9,
  sequence: 5,
  notReady: null,
  machines: { election: 'following.direct' },
  ...more,
});
const beliefsOf = (missed: readonly string[] = []): SeenBeliefs =>
  ['1', '2', '3'].map((id) => ({
    id,
    state: missed.includes(id) ? 'suspected' : 'trusted',
    follows: '3',
    term: { n: 2 },
    lastIndex: 9,
  }));
const answered = (id: string, more: Partial<SeenStatus> = {}, missed: readonly string[] = []): Happening => ({
  type: 'answered',
  origin: ORIGINS[Number(id) - 1] ?? '',
  status: statusOf(id, more),
  beliefs: beliefsOf(missed),
});

/** Lets it all happen, and keeps the words of what came of it. */
function play(cluster: Cluster, ...happenings: readonly Happening[]) {
  const words: string[] = [];
  let now = cluster;
  for (const happening of happenings) {
    const outcome = advance(now, happening);
    now = outcome.cluster;
    words.push(...outcome.events.map((event) => event.words));
  }
  return { cluster: now, words };
}
const everybody = () => play(openCluster(ORIGINS), answered('1'), answered('2'), answered('3')).cluster;

describe('what a monitor tells', () => {
  it('begins with who answers, what it is, whom it follows and what it sees', () => {
    expect(play(openCluster(ORIGINS), answered('1')).words).toEqual([
      '1 answers at http://one',
      '1 is follower',
      '1 follows 3, term 2',
      '1 sees view 4: 1, 2, 3',
    ]);
  });

  it('is nothing, and the same cluster, while nothing changes', () => {
    const cluster = everybody();
    const again = play(cluster, answered('2'));

    expect(again.words).toEqual([]);
    expect(again.cluster).toBe(cluster);
  });

  it('is each change once: a silence, a suspicion, an election, a return in a new life', () => {
    const { words } = play(
      everybody(),
      { type: 'silent', origin: 'http://three', reason: 'nobody listens there' },
      { type: 'silent', origin: 'http://three', reason: 'nobody listens there' },
      answered('1', { coordinator: null, role: 'candidate' }, ['3']),
      answered('1', { coordinator: '2', term: { n: 3 } }, ['3']),
      answered('3', { pid: 999, role: 'follower', coordinator: '2', term: { n: 3 } }),
      answered('1', { coordinator: '2', term: { n: 3 } }),
    );

    expect(words).toEqual([
      '3 is not answering: nobody listens there',
      '1 is candidate',
      '1 follows nobody, term 2',
      '1 misses 3: suspected',
      '1 is follower',
      '1 follows 2, term 3',
      '3 answers at http://three, started anew',
      '3 is follower',
      '3 follows 2, term 3',
      '1 hears 3 again',
    ]);
  });

  it('tells steps of an election from the trace, and leaves out what only beats', () => {
    const record = (a: string, was: string, st: string): Happening => ({
      type: 'recorded',
      origin: 'http://one',
      record: { k: 'transition', a, was, st, ev: 'member.suspected' },
    });
    const { words } = play(
      everybody(),
      record('election', 'following.direct', 'challenging'),
      record(
        'sequencer',
        'coordinating.{office.serving,voice.silent}',
        'coordinating.{office.serving,voice.speaking}',
      ),
      record(
        'sequencer',
        'coordinating.{office.serving,voice.silent}',
        'coordinating.{office.handing,voice.silent}',
      ),
      record('journal', 'ready', 'syncing'),
      { type: 'recorded', origin: 'http://one', record: { k: 'gap', lost: 7 } },
      { type: 'recorded', origin: 'http://one', record: { k: 'fault', words: '1 is paused' } },
    );

    expect(words).toEqual([
      '1 election → challenging',
      '1 sequencer → coordinating.office.handing',
      '1: 7 records were left out',
      'done to 1: 1 is paused',
    ]);
  });
});

describe('the table', () => {
  it('says who leads, how far each is behind, and who misses whom', () => {
    const { cluster } = play(everybody(), answered('1', { applied: 6 }, ['2']), {
      type: 'silent',
      origin: 'http://two',
      reason: 'gone',
    });
    const rows = rowsOf(cluster, new Beats(), 0);

    expect(
      rows.map(({ id, glyph, word, leader, lag, missedBy }) => [id, glyph, word, leader, lag, missedBy]),
    ).toEqual([
      ['1', '●', 'follower', '3', 3, []],
      ['2', '✕', 'not answering', '3', 0, ['1']],
      ['3', '◆', 'coordinator', '3', 0, []],
    ]);
    expect(leaderOf(cluster)).toEqual({ id: '3', term: 2 });
  });

  it('shows members it cannot ask as the others see them', () => {
    const { cluster } = play(openCluster(['http://one']), answered('1', {}, ['2']));

    expect(rowsOf(cluster, new Beats(), 0).map(({ id, word, origin }) => [id, word, origin])).toEqual([
      ['1', 'follower', 'http://one'],
      ['2', 'not answering', null],
      ['3', 'coordinator', null],
    ]);
  });

  it('counts heartbeats by the second, and knows how old the last one is at any moment', () => {
    const beats = new Beats();
    for (const at of [10_100, 10_300, 11_200, 14_900]) beats.hear('3', at);

    expect(beats.perSecond('3', 15_000)).toEqual([0, 0, 0, 2, 1, 0, 0, 1]);
    expect(sparkline(beats.perSecond('3', 15_000))).toBe('   █▄  ▄');
    expect([beats.ageMs('3', 15_000), beats.ageMs('3', 12_000), beats.ageMs('3', 9000)]).toEqual([
      100,
      800,
      null,
    ]);
  });
});

describe('the past', () => {
  it('is a strip of who led when, and of nobody', () => {
    const history = new History();
    history.add(0, everybody(), []);
    history.add(500, openCluster(ORIGINS), []);
    history.add(750, play(openCluster(ORIGINS), answered('2', { coordinator: '2' })).cluster, []);
    const bands = bandsOf(history.moments, 1000, 20);

    expect(bands.map(({ leader }) => leader)).toEqual(['3', null, '2']);
    expect(bands.map(bandText).join('')).toMatch(/^3━{8,9}·{5,6}2━{3,5}$/);
  });

  it('can be gone through step by step, and shows what was known then', () => {
    const screen = new Screen(new Beats());
    const [one, two] = [
      play(openCluster(ORIGINS), answered('1')),
      play(everybody(), answered('1', { role: 'candidate' })),
    ];
    screen.happened(1000, one.cluster, [{ event: 'x', facts: {}, words: 'first', isWeighty: true }]);
    screen.happened(2000, two.cluster, [{ event: 'x', facts: {}, words: 'second', isWeighty: true }]);

    screen.scrub(-1);
    const before = screen.picture();
    screen.happened(3000, two.cluster, []);
    const still = screen.picture();
    screen.scrub(1);
    screen.scrub(1);
    const live = screen.picture();
    screen.finish();

    expect(before).toMatchObject({ isFrozen: true, place: 0, at: 1000 });
    expect(before.events.map(({ words }) => words)).toEqual(['first']);
    expect(before.rows.find(({ id }) => id === '1')?.word).toBe('follower');
    expect(still.place).toBe(0);
    expect(live).toMatchObject({ isFrozen: false, place: 2 });
    expect(live.events.map(({ words }) => words)).toEqual(['first', 'second']);
  });
});

describe('a statechart as a tree', () => {
  const definition = {
    id: 'm',
    states: {
      idle: {},
      busy: { states: { left: { states: { a: {}, b: {} } }, right: { states: { c: {} } } } },
    },
  };

  it('marks what is active, regions side by side as well', () => {
    expect(treeOf(definition, 'busy.{left.b,right.c}').map(({ text }) => text)).toEqual([
      '○ idle',
      '● busy',
      '  ● left',
      '    ○ a',
      '    ● b',
      '  ● right',
      '    ● c',
    ]);
  });

  it.each([[null], ['text'], [{ states: 5 }], [{ states: { a: null } }]])(
    'makes of %j what it can',
    (odd) => {
      expect(treeOf(odd, 'a').length).toBeLessThan(2);
    },
  );
});

describe('a stream of events', () => {
  async function* parts(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield new TextEncoder().encode(text);
  }

  async function eventsOf(...texts: readonly string[]): Promise<readonly StreamedEvent[]> {
    const events: StreamedEvent[] = [];
    for await (const event of eventsIn(parts(...texts), 1_000_000)) events.push(event);
    return events;
  }

  it('is read whole, however it is cut', async () => {
    expect(
      await eventsOf(
        'retry: 1000\n\nid: 7\nda',
        'ta: {"a"',
        ':1}\n\n: still here\n\ndata: gap\n\ndata: torn',
      ),
    ).toEqual([
      { id: '7', data: '{"a":1}' },
      { id: null, data: 'gap' },
    ]);
  });

  it('ends with an error where one event has no end', async () => {
    await expect(eventsOf('data: ', 'x'.repeat(2_000_000))).rejects.toThrow('too long');
  });

  it('is not read faster than it may be', async () => {
    const begun = performance.now();
    for await (const { data } of eventsIn(parts('data: a\n\n', 'data: b\n\n', 'data: c\n\n'), 8))
      expect(data).toHaveLength(1);

    expect(performance.now() - begun).toBeGreaterThan(1900);
  });
});

describe('the flags of monitor', () => {
  it('take addresses with and without a scheme, each once', () => {
    expect(
      readMonitorSettings({ http: ['127.0.0.1:8001', 'http://127.0.0.1:8001/', 'http://h:2/x'] }).origins,
    ).toEqual(['http://127.0.0.1:8001', 'http://h:2']);
  });

  it.each([
    [{}, /^--http is missing: name where a peer serves HTTP/],
    [{ http: ['ftp://h:1'] }, /^--http: "ftp:\/\/h:1" must be a URL, as http:\/\/127\.0\.0\.1:8001$/],
    [{ http: ['http://'] }, /must be a URL/],
    [{ http: ['h:1'], plain: true, json: true }, /^--json: excludes plain/],
  ])('%j is refused in one line', (flags, line) => {
    expect(() => readMonitorSettings(flags)).toThrow(line);
  });
});

/**
 * `bullpen chat scale`: many peers, each a process, all talk at once; then their whole logs must be one.
 *
 * The coordinator that is killed in the middle is started again as soon as the others follow another. Its lines wait for
 * it: so every line must be there in the end, and the log of the one that was away is compared too.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Status } from '../../actors/index.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { freeAddresses } from '../node/free-addresses.js';
import { type Facts, lineOf } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import { until } from '../node/until.js';
import { type Acknowledged, type KeptLog, problemsOf } from './scale-comparison.js';
import { ScalePeer } from './scale-peer.js';
import type { ScaleSettings } from './scale-settings.js';

/** So many vote at most; whoever is more learns. */
const VOTERS_MAX = 7;
/** Numbers run per room and overall, so there are two. */
const ROOMS = ['general', 'scale'] as const;
const AGREED_WITHIN_MS = 120_000;
const LEVEL_WITHIN_MS = 180_000;

type Say = (event: string, facts: Facts, words: string) => void;

/**
 * Plays it from beginning to end, and ends every process it has started, however it goes.
 *
 * @returns 0 when all logs are equal and hold every line once; 1 when they do not, or it was interrupted.
 * @throws ProgramFailure 75 or 78 when a peer cannot be started, 1 when something did not happen in time.
 */
export async function runScale(settings: ScaleSettings, write: (line: string) => void): Promise<ExitCode> {
  const say: Say = (event, facts, words) =>
    write(settings.json ? lineOf(true, event, facts) : `${event.padEnd(10)}${words}`);
  makeFolder(settings.logs);
  const folder = mkdtempSync(join(tmpdir(), 'bullpen-scale-'));
  const peers = await placesOf(settings, folder).then((places) =>
    places.map((place) => new ScalePeer(place)),
  );
  let unheard: () => void = () => {};
  const interrupted = new Promise<ExitCode>((resolve) => {
    unheard = onShutdown(() => {
      say('ending', {}, 'interrupted; ending every peer …');
      // A check that was interrupted has not passed.
      resolve(EXIT.failed);
    });
  });
  const played = play(peers, settings, say);
  try {
    return await Promise.race([played, interrupted, ...peers.map(({ failed }) => failed)]);
  } finally {
    // What it still waits for does not come any more.
    played.catch(() => {});
    await Promise.all(peers.map((peer) => peer.end()));
    rmSync(folder, { recursive: true, force: true });
    unheard();
  }
}

async function play(peers: readonly ScalePeer[], settings: ScaleSettings, say: Say): Promise<ExitCode> {
  const begun = performance.now();
  const seconds = () => Number(((performance.now() - begun) / 1000).toFixed(1));
  const { messages, killLeader } = settings;
  const total = peers.length * messages;
  say(
    'start',
    { peers: peers.length, messages },
    `${counted(peers.length, 'peer')}, each to say ${counted(messages, 'line')} …`,
  );
  await Promise.all(peers.slice(0, VOTERS_MAX).map((peer) => peer.start()));
  // Those who found a cluster together have to see the same company, so whoever only learns comes to it later.
  await Promise.all(peers.slice(VOTERS_MAX).map((peer) => peer.start()));
  const { coordinator, term } = await agreement(peers, 'all to follow one of them');
  say(
    'elect',
    { coordinator, term, seconds: seconds() },
    `${coordinator} leads term ${term}, after ${seconds()} s`,
  );

  const said: Acknowledged[] = [];
  let half: () => void = () => {};
  const halfSaid = new Promise<void>((resolve) => {
    half = resolve;
  });
  const talk = Promise.all(
    peers.map(async (peer) => {
      for (let number = 1; number <= messages; number++) {
        const room = ROOMS[number % ROOMS.length] ?? ROOMS[0];
        said.push(await peer.say(room, `line ${number} of ${messages}, said at ${peer.id}`));
        if (said.length >= total / 2) half();
      }
    }),
  );
  const strike = killLeader ? halfSaid.then(() => replaceCoordinator(peers, () => said.length, say)) : null;
  await Promise.all([talk, strike]);
  say(
    'said',
    { lines: said.length, seconds: seconds() },
    `all ${said.length} lines have their numbers, after ${seconds()} s`,
  );

  await level(peers, total);
  const logs = await Promise.all(peers.map(async (peer) => ({ peer: peer.id, log: await peer.log() })));
  keep(logs, settings.logs);
  return judge(logs, said, say, seconds());
}

function judge(logs: readonly KeptLog[], said: readonly Acknowledged[], say: Say, seconds: number): ExitCode {
  const problems = problemsOf(logs, said);
  for (const problem of problems) say('problem', { problem }, problem);
  const facts = {
    result: problems.length === 0 ? 'equal' : 'different',
    peers: logs.length,
    lines: said.length,
    seconds,
  };
  if (problems.length === 0)
    say(
      'equal',
      facts,
      `the logs of all ${logs.length} peers are equal: ${said.length} lines, each once, none missing`,
    );
  else say('different', facts, 'the logs are not what they should be');
  return problems.length === 0 ? EXIT.clean : EXIT.failed;
}

/** The coordinator is killed while all talk, and comes back once the others follow another. */
async function replaceCoordinator(
  peers: readonly ScalePeer[],
  acknowledged: () => number,
  say: Say,
): Promise<void> {
  const { coordinator } = await agreement(peers, 'all to follow one of them');
  const victim = peers.find(({ id }) => id === coordinator);
  if (victim === undefined) throw new Error(`there is no peer ${coordinator}`);
  await victim.kill();
  const killedAt = performance.now();
  say(
    'kill',
    { id: victim.id, acknowledged: acknowledged() },
    `kill -9 of ${victim.id}, the coordinator, when ${acknowledged()} lines had their numbers`,
  );
  const others = peers.filter((peer) => peer !== victim);
  const next = await agreement(others, 'the others to follow another', victim.id);
  const afterMs = Math.round(performance.now() - killedAt);
  say(
    'elect',
    { ...next, afterMs },
    `${next.coordinator} leads term ${next.term}, ${(afterMs / 1000).toFixed(1)} s after the kill`,
  );
  await victim.start();
  say('restart', { id: victim.id }, `${victim.id} is back with its journal, and says the rest of its lines`);
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Waits until all of `peers` follow the same coordinator, which is not `gone`. */
function agreement(peers: readonly ScalePeer[], what: string, gone?: string) {
  return gently(what, AGREED_WITHIN_MS, peers, (statuses) => {
    const [first] = statuses;
    if (first === undefined || first.coordinator === null || first.coordinator === gone) return undefined;
    const { coordinator, term } = first;
    const agreed = statuses.every(
      (one) => one.ready && one.coordinator === coordinator && one.term.n === term.n,
    );
    return agreed ? { coordinator, term: term.n } : undefined;
  });
}

const level = (peers: readonly ScalePeer[], total: number) =>
  gently(`all to have ${total} lines`, LEVEL_WITHIN_MS, peers, (statuses) =>
    statuses.every(({ sequence }) => sequence >= total) ? true : undefined,
  );

/** Asks all, but not as often as a machine that is busy would feel. */
function gently<Answer>(
  what: string,
  withinMs: number,
  peers: readonly ScalePeer[],
  question: (statuses: readonly Status[]) => Answer | undefined,
): Promise<Answer> {
  return until(what, withinMs, async () => {
    await new Promise((resolve) => setTimeout(resolve, 25 * peers.length));
    const statuses = (await Promise.all(peers.map((peer) => peer.status()))).filter(
      (status) => status !== null,
    );
    return statuses.length === peers.length ? question(statuses) : undefined;
  });
}

/** The more processes share the processors, the later each is heard. */
function timingsFor(peers: number): Readonly<Record<string, string>> {
  // Never below four heartbeats of preset `chat`.
  const suspectMs = Math.max(2500, 1500 + 500 * peers);
  return {
    BULLPEN_SUSPECT_TIMEOUT_MS: String(suspectMs),
    BULLPEN_STICKINESS_MS: String(Math.round(suspectMs * 0.8)),
    BULLPEN_VERIFY_TIMEOUT_MS: '500',
    BULLPEN_COLLECT_TIMEOUT_MS: String(suspectMs),
  };
}

async function placesOf({ peers, port, logs }: ScaleSettings, folder: string) {
  const listens =
    port === undefined
      ? await freeAddresses(peers)
      : Array.from({ length: peers }, (_, place) => `127.0.0.1:${port + place + 1}`);
  return listens.map((listen, place) => {
    const id = String(place + 1);
    return {
      id,
      listen,
      seeds: listens.filter((other) => other !== listen),
      expect: place < VOTERS_MAX ? Math.min(peers, VOTERS_MAX) : null,
      data: join(folder, id),
      output: logs === undefined ? null : join(logs, `${id}.out`),
      environment: timingsFor(peers),
    };
  });
}

/** @throws ProgramFailure 78 when there can be no such folder. */
function makeFolder(logs: string | undefined): void {
  if (logs === undefined) return;
  try {
    makeFolders(resolve(logs));
    writeFileSync(join(logs, '1.ndjson'), '', { mode: 0o600 });
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    throw new ProgramFailure(
      EXIT.configuration,
      `--logs: cannot write into ${logs} (${code}): name a folder that can be written`,
    );
  }
}

/** Not `recursive`: below /proc Node 20 tries for ever and runs out of memory (seen). */
function makeFolders(path: string): void {
  if (existsSync(path)) return;
  makeFolders(dirname(path));
  mkdirSync(path);
}

/** One line per message and the same for every peer, so that `cmp` can tell as well. */
function keep(logs: readonly KeptLog[], folder: string | undefined): void {
  if (folder === undefined) return;
  for (const { peer, log } of logs)
    writeFileSync(join(folder, `${peer}.ndjson`), log.map((entry) => `${JSON.stringify(entry)}\n`).join(''), {
      mode: 0o600,
    });
}

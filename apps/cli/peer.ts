/** `bullpen peer`: one headless peer, until it is told to end. */
import { ClusterError, createPeer, type Peer } from '../../actors/index.js';
import { attach } from '../node/attachments.js';
import { type Configuration, peerOptionsOf } from '../node/configuration.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { createLogger, type Logger } from '../node/logger.js';
import { reportPeer } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';

/** Leaving needs a coordinator; a peer that finds none stops without having left. */
const LEFT_WITHIN_MS = 5000;
const LOOKING_FIRST_MS = 2000;
const LOOKING_EVERY_MS = 60_000;

/**
 * Runs until a signal, until it has left, or until it cannot go on.
 *
 * @throws ClusterError, ProgramFailure when it cannot be started, or had to stop.
 */
export async function runPeer(configuration: Configuration): Promise<ExitCode> {
  const log = await createLogger(configuration.logLevel, configuration.id);
  const peer = await createPeer(peerOptionsOf(configuration));
  const ended = endOf(peer, log);
  try {
    const attached = await attach(peer, configuration, log);
    try {
      if (await becomesReady(peer, configuration, ended, log)) {
        reportPeer(peer, attached.http, configuration.json, (line) => void process.stdout.write(`${line}\n`));
        sayWhatIsOn(peer, attached.inspector, log);
      }
      return await ended;
    } finally {
      await attached.close();
    }
  } finally {
    await peer.stop();
  }
}

/** Resolves when the peer was told to end and has; rejects when it had to stop by itself. */
function endOf(peer: Peer, log: Logger): Promise<ExitCode> {
  const ended = new Promise<ExitCode>((resolve, reject) => {
    peer.on('stopped', ({ code, detail }) => {
      if (code === 'failed') reject(new ProgramFailure(EXIT.internal, detail));
      else resolve(EXIT.clean);
    });
    peer.on('warning', ({ code, detail }) => log.warn({ code }, detail));
    onShutdown((signal) => {
      log.info({ signal }, 'ending');
      leaveOrStop(peer, log).then(() => resolve(EXIT.clean), reject);
    });
  });
  // It may be over before anybody waits for it.
  ended.catch(() => {});
  return ended;
}

/** A peer with a journal comes back as itself, so it stays a member; one without never can, so it leaves. */
async function leaveOrStop(peer: Peer, log: Logger): Promise<void> {
  if (!peer.status().durable && peer.status().ready) {
    const late = new Promise<'late'>((resolve) => {
      setTimeout(resolve, LEFT_WITHIN_MS, 'late').unref();
    });
    if ((await Promise.race([peer.leave(), late])) !== 'late') return;
    log.warn('no coordinator took note of our leaving; stopping without');
  }
  await peer.stop();
}

/**
 * Waits for as long as it takes, and says so after two seconds and then once a minute.
 *
 * @returns whether it is ready; false when it was told to end first.
 * @throws ClusterError saying why it will never be.
 */
async function becomesReady(
  peer: Peer,
  { seeds, bootstrap }: Configuration,
  ended: Promise<ExitCode>,
  log: Logger,
): Promise<boolean> {
  const remind = () => {
    const alone = seeds.length === 0 && !bootstrap;
    log.warn(
      { seeds, reason: peer.status().notReady },
      alone ? WAITING_ALONE : 'still looking for a cluster',
    );
  };
  let reminder = setTimeout(() => {
    remind();
    reminder = setInterval(remind, LOOKING_EVERY_MS);
  }, LOOKING_FIRST_MS);
  try {
    const ready = peer.ready().then(
      () => true,
      (problem) => {
        // Told to stop: how that ends is what `ended` says.
        if (problem instanceof ClusterError && problem.code === 'stopped') return ended.then(() => false);
        throw problem;
      },
    );
    return await Promise.race([ready, ended.then(() => false)]);
  } finally {
    clearTimeout(reminder);
  }
}

const WAITING_ALONE =
  'waiting for a cluster to come here: give --seed to look for one, or --bootstrap to found a new one';

function sayWhatIsOn(peer: Peer, inspector: string | null, log: Logger): void {
  if (inspector !== null) log.info(inspector);
  if (!peer.status().durable)
    log.info('the log is kept in memory: without --data it is gone when this process ends');
}

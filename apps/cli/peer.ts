/** `bullpen peer`: one headless peer, until it is told to end. */
import type { Peer } from '../../actors/index.js';
import { type Attachments, attach } from '../node/attachments.js';
import type { Configuration } from '../node/configuration.js';
import { EXIT, type ExitCode, ProgramFailure } from '../node/exit.js';
import { hostPeer } from '../node/hosted-peer.js';
import { becomesReady } from '../node/joining.js';
import { createLogger, type Logger } from '../node/logger.js';
import { readyLine, reportPeer } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';

/** Leaving needs a coordinator; a peer that finds none stops without having left. */
const LEFT_WITHIN_MS = 5000;
const SAME_WITHIN_MS = 10_000;

const write = (line: string) => void process.stdout.write(`${line}\n`);

/**
 * Runs until a signal, until it has left, or until it cannot go on.
 *
 * @throws ClusterError, ProgramFailure when it cannot be started, or had to stop.
 */
export async function runPeer(configuration: Configuration): Promise<ExitCode> {
  const log = await createLogger(configuration.logLevel, configuration.id);
  const { peer, cuts } = await hostPeer(configuration);
  let attached: Attachments | null = null;
  // Whoever is being answered gets the answer, from a peer that still takes part.
  const ended = endOf(peer, log, async () => attached?.hush());
  try {
    attached = await attach(peer, configuration, log, [], cuts);
    try {
      if (await becomesReady(peer, configuration, log)) {
        write(readyLine(peer, attached.http, configuration.json));
        reportPeer(peer, configuration.json, write);
        sayWhatIsOn(peer, attached.inspectors, log);
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
function endOf(peer: Peer, log: Logger, detach: () => Promise<void>): Promise<ExitCode> {
  const ended = new Promise<ExitCode>((resolve, reject) => {
    peer.on('stopped', ({ code, detail }) => {
      if (code === 'failed') reject(new ProgramFailure(EXIT.internal, detail));
      else resolve(EXIT.clean);
    });
    peer.on('warning', warnOnce(log));
    onShutdown((signal) => {
      log.info({ signal }, 'ending');
      detach()
        .then(() => leaveOrStop(peer, log))
        .then(() => resolve(EXIT.clean), reject);
    });
  });
  // It may be over before anybody waits for it.
  ended.catch(() => {});
  return ended;
}

/** What is tried again at once and fails alike is said once, not at every try. */
function warnOnce(log: Logger): (warning: { readonly code: string; readonly detail: string }) => void {
  let last = '';
  let saidAt = 0;
  return ({ code, detail }) => {
    const now = performance.now();
    if (detail === last && now - saidAt < SAME_WITHIN_MS) return;
    last = detail;
    saidAt = now;
    log.warn({ code }, detail);
  };
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
  await peer.drain();
}

function sayWhatIsOn(peer: Peer, inspectors: readonly string[], log: Logger): void {
  for (const inspector of inspectors) log.info(inspector);
  if (!peer.status().durable)
    log.info('the log is kept in memory: without --data it is gone when this process ends');
}

/** Starts the peer of a system, hands it to the system's program, and cleans up after it. */
import type { Peer } from '../../actors/index.js';
import { attach } from '../node/attachments.js';
import type { Configuration } from '../node/configuration.js';
import type { Record } from '../node/console.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { hostPeer } from '../node/hosted-peer.js';
import { becomesReady } from '../node/joining.js';
import { leaveWithin } from '../node/leaving.js';
import { checkLogFile, type LogFileSettings, openLogFile } from '../node/log-file.js';
import { createLogger, type Logger } from '../node/logger.js';
import { readyLine } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import type { System } from '../node/system.js';

/**
 * Runs `program` once the peer is ready; `ready …` is the first line on stdout, also when the rest is quiet.
 *
 * @param program - is given what keeps its events in the peer's log file, if there is one.
 * @returns the exit code.
 * @throws ClusterError, ProgramFailure when the peer cannot be started, or had to stop.
 */
export async function runSystem(
  configuration: Configuration,
  system: System,
  program: (peer: Peer, log: Logger, record?: Record) => Promise<ExitCode>,
  settings: LogFileSettings = { quiet: false },
): Promise<ExitCode> {
  const { logLevel, id } = configuration;
  const terminal = await createLogger(logLevel, id);
  checkLogFile(settings, configuration);
  const { peer, cuts } = await hostPeer(configuration, system.replicas);
  system.started?.(peer);
  try {
    // The folder of the journal is there now.
    const file = await openLogFile(settings, configuration, system.name);
    const log = file?.log ?? terminal;
    const attached = await attach(peer, configuration, log, [system], cuts);
    // Until the program listens itself.
    const unheard = onShutdown((signal) => void endAs(peer, signal));
    try {
      if (!(await becomesReady(peer, configuration, log))) return EXIT.clean;
      process.stdout.write(`${readyLine(peer, attached.http, configuration.json)}\n`);
      return await program(peer, log, file?.record);
    } finally {
      unheard();
      await attached.close();
    }
  } finally {
    await peer.stop();
  }
}

/** A user leaves; a service with its log on disk comes back. */
const endAs = (peer: Peer, signal: string): Promise<unknown> =>
  signal !== 'SIGINT' && peer.status().durable ? peer.stop() : leaveWithin(peer, Promise.resolve());

/** Waits until it is ready, or is told to end first. */
export async function joins(peer: Peer, configuration: Configuration, log: Logger): Promise<boolean> {
  const unheard = onShutdown(() => void peer.stop());
  try {
    return await becomesReady(peer, configuration, log);
  } finally {
    unheard();
  }
}

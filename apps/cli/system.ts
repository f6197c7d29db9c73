/** Starts the peer of a system, hands it to the system's program, and cleans up after it. */
import { createPeer, type Peer } from '../../actors/index.js';
import { attach } from '../node/attachments.js';
import { type Configuration, peerOptionsOf } from '../node/configuration.js';
import { EXIT, type ExitCode } from '../node/exit.js';
import { becomesReady } from '../node/joining.js';
import { createLogger, type Logger } from '../node/logger.js';
import { readyLine } from '../node/report.js';
import { onShutdown } from '../node/shutdown.js';
import type { System } from '../node/system.js';

/**
 * Runs `program` once the peer is ready; `ready …` is the first line on stdout.
 *
 * @returns the exit code.
 * @throws ClusterError, ProgramFailure when the peer cannot be started, or had to stop.
 */
export async function runSystem(
  configuration: Configuration,
  system: System,
  program: (peer: Peer, log: Logger) => Promise<ExitCode>,
): Promise<ExitCode> {
  const log = await createLogger(configuration.logLevel, configuration.id);
  const peer = await createPeer({ ...peerOptionsOf(configuration), replicas: system.replicas });
  system.started?.(peer);
  try {
    const attached = await attach(peer, configuration, log, [system]);
    try {
      const unheard = onShutdown(() => void peer.stop());
      if (!(await becomesReady(peer, configuration, log))) return EXIT.clean;
      process.stdout.write(`${readyLine(peer, attached.http, configuration.json)}\n`);
      const running = program(peer, log);
      // Only now does it listen itself: in between a signal would end the process as it stands.
      unheard();
      return await running;
    } finally {
      await attached.close();
    }
  } finally {
    await peer.stop();
  }
}

/** Waits until it is ready, or is told to end first. */
export async function joins(peer: Peer, configuration: Configuration, log: Logger): Promise<boolean> {
  const unheard = onShutdown(() => void peer.stop());
  try {
    return await becomesReady(peer, configuration, log);
  } finally {
    unheard();
  }
}

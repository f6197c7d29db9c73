/** `bullpen chat`: starts the peer of a chat, hands it to the program, and cleans up after it. */
import { Topic } from '../../transport/index.js';
import { peerSeat } from '../chat/peer-seat.js';
import { type ChatSettings, isTerminal, runChat } from '../chat/program.js';
import { attach } from '../node/attachments.js';
import type { Configuration } from '../node/configuration.js';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { hostPeer } from '../node/hosted-peer.js';
import { createLogger } from '../node/logger.js';
import { readyLine } from '../node/report.js';
import { joins } from './system.js';

/**
 * @param room - where the conversation begins.
 * @returns the exit code.
 * @throws ProgramFailure 64 when there can be no such room; ClusterError, ProgramFailure when the peer cannot be started, or had to stop.
 */
export async function startChat(configuration: Configuration, room: string | undefined): Promise<number> {
  checkRoom(room);
  const { plain, json, logLevel } = configuration;
  const settings: ChatSettings = { plain: plain || !isTerminal(process), json, room };
  // Logs and the picture of the chat do not go together on one terminal.
  const isDrawn = !settings.plain && !json && process.stderr.isTTY;
  const log = await createLogger(isDrawn ? 'silent' : logLevel, configuration.id);
  const { peer, cuts } = await hostPeer(configuration);
  try {
    const attached = await attach(peer, configuration, log, [], cuts);
    try {
      if (settings.plain || json) {
        // Lines begin with `ready`, so programs wait for it; what is typed meanwhile waits too.
        if (!(await joins(peer, configuration, log))) return EXIT.clean;
        process.stdout.write(`${readyLine(peer, attached.http, json)}\n`);
      }
      return await runChat(peerSeat(peer, configuration.seeds), settings, process);
    } finally {
      await attached.close();
    }
  } finally {
    await peer.stop();
  }
}

/** @throws ProgramFailure 64 when there can be no such room. */
export function checkRoom(room: string | undefined): void {
  if (room !== undefined && !Topic.safeParse(room).success)
    throw new ProgramFailure(EXIT.usage, '--room: the name of a room has 1 to 64 characters');
}

/** `bullpen monitor`: reads its flags and watches. */
import { watchCluster } from '../monitor/program.js';
import { readMonitorSettings } from '../monitor/settings.js';
import type { ExitCode } from '../node/exit.js';

/** @throws ProgramFailure 64 for wrong flags, 75 when no peer answers. */
export const runMonitor = async (flags: Readonly<Record<string, unknown>>): Promise<ExitCode> =>
  watchCluster(readMonitorSettings(flags), process);

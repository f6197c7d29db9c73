/** Starts the peer of an energy market, and its console. */
import type { AnswerPolicy } from '../energy/desk.js';
import { runEnergy } from '../energy/program.js';
import { energyMarket } from '../energy/system.js';
import type { Configuration } from '../node/configuration.js';
import type { ExitCode } from '../node/exit.js';
import type { LogFileSettings } from '../node/log-file.js';
import { runSystem } from './system.js';

/**
 * @returns the exit code.
 * @throws ClusterError, ProgramFailure when the peer cannot be started, or had to stop.
 */
export function startEnergy(
  configuration: Configuration,
  policy: AnswerPolicy,
  settings: LogFileSettings,
): Promise<ExitCode> {
  const { system, deskOf } = energyMarket(policy);
  const { plain, json } = configuration;
  const { quiet } = settings;
  return runSystem(
    configuration,
    system,
    (peer, _log, record) =>
      runEnergy(deskOf(peer), { plain, json, quiet, ...(record === undefined ? {} : { record }) }, process),
    settings,
  );
}

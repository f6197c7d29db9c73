/** `bullpen sensor`: its flags, and the programs around it: three at once, and drills. */
import type { Command } from 'commander';
import type { Peer } from '../../actors/index.js';
import type { Configuration } from '../node/configuration.js';
import type { ExitCode } from '../node/exit.js';
import type { SensorSettings } from '../sensor/settings.js';
import { addPeerFlags, configurationFrom } from './flags.js';

type Finish = (exitCode: number) => void;
type Flags = Readonly<Record<string, unknown>>;

const ENDS = `
Commands: status, nodes, readings [N], windows [SENSOR], publish T H P, help, quit.

Every peer writes DATA/SENSOR.csv for every sensor there is: sequence,timestamp,sensor_id,temperature_c,humidity_pct,pressure_hpa,
the same on all peers, each reading once. A line of --source that is no reading is named by its number and skipped.
--source FILE has CSV (timestamp,temperature_c,humidity_pct,pressure_hpa, the names first or not) or one JSON object per line.

quit, Ctrl-C or the end of a pipe leaves the cluster; by SIGTERM a peer with --data stops and stays a member.
Exit codes: 0 clean, 64 bad usage, or lines of a pipe that were no readings, 75 not now, 78 bad configuration.`;

export function addSensor(root: Command, finish: Finish): void {
  const program = root
    .command('sensor')
    .description('a peer that measures: all peers hold the same ordered series, as CSV files')
    .enablePositionalOptions();
  addMeasuringFlags(addPeerFlags(program))
    .option(
      '--log-file <FILE>',
      'what the peer says and logs, but readings, as JSON lines (default: DATA/sensor.log)',
    )
    .addHelpText('after', ENDS)
    .action(async (flags: Flags) => finish(await startSensor(flags)));
  addUp(program, finish);
  addDrills(program, finish);
}

const addMeasuringFlags = (command: Command): Command =>
  command
    .option('--interval <SECONDS>', 'between two readings (default: 15)')
    .option(
      '--source <SOURCE>',
      'synthetic, a FILE of real readings, or - for what is piped in (default: synthetic)',
    )
    .option('--source-seed <N>', 'which weather is made (default: 1)')
    .option('--speed <N>', 'so many times as fast as time goes (default: 1)')
    .option('--readings <N>', 'so many are made in all, earlier runs counted (default: no end)')
    .option('--window <SECONDS>', 'length of a window, for the whole cluster (default: 60)')
    .option('--retain <HOURS>', 'how long readings are kept in memory, for the whole cluster (default: 24)')
    .option('--retain-readings <N>', 'how many of a sensor are kept, for the whole cluster (default: 5760)')
    .option('--quiet', 'says nothing of each reading');

async function startSensor(flags: Flags): Promise<ExitCode> {
  const { readSensorSettings } = await import('../sensor/settings.js');
  const { checkSource, isFile } = await import('../sensor/source.js');
  const settings = readSensorSettings(flags);
  const configuration = await configurationFrom(flags);
  if (isFile(settings.source)) await checkSource(settings.source);
  return runWith(configuration, settings);
}

async function runWith(configuration: Configuration, settings: SensorSettings): Promise<ExitCode> {
  const { runSensor } = await import('../sensor/program.js');
  const { sensorSystem } = await import('../sensor/operations.js');
  const { runSystem } = await import('./system.js');
  const { Views } = await import('../sensor/changes.js');
  const { plain, json, data } = configuration;
  const views = new Views();
  const system = { ...sensorSystem, started: (peer: Peer) => views.follow(peer) };
  return runSystem(
    configuration,
    system,
    (peer, _log, record) =>
      runSensor(peer, { ...settings, plain, json, folder: data ?? null, views, record }, process),
    { quiet: false, logFile: settings.logFile },
  );
}

function addUp(program: Command, finish: Finish): void {
  addMeasuringFlags(
    program
      .command('up')
      .description('local processes that measure together; says where each is; Ctrl-C ends all')
      .option('--peers <N>', 'how many, 1 to 9 (default: 3)')
      .option('--data <DIR>', 'peer N writes to DIR/N (default: data)')
      .option('--preset <NAME>', 'their timings (default: lan)'),
  ).action(async (flags: Flags) => {
    const { sensorsUp } = await import('../sensor/up.js');
    finish(await sensorsUp(flags));
  });
}

function addDrills(program: Command, finish: Finish): void {
  const drill = program
    .command('drill')
    .description('a rehearsal with real processes; its exit code says whether it went well');
  drill
    .command('fault')
    .description(
      'kills a follower: the next view is without it, everywhere, and it comes back with all it missed',
    )
    .action(async () => {
      const { drillFault } = await import('../sensor/drills.js');
      finish(await drillFault());
    });
  drill
    .command('election')
    .description(
      'kills the coordinator: the highest of the others takes its place, and no reading is lost or doubled',
    )
    .action(async () => {
      const { drillElection } = await import('../sensor/drills.js');
      finish(await drillElection());
    });
  drill
    .command('day')
    .description(
      'a day of readings, fast, with a coordinator and a follower killed on the way: all files must be equal',
    )
    .option('--peers <N>', 'how many measure, 3 to 9 (default: 5)')
    .option('--interval <SECONDS>', 'between two readings of a sensor (default: 60)')
    .option('--readings <N>', 'so many of each (default: those of a day)')
    .option('--speed <N>', 'so many times as fast as time goes (default: 100)')
    .action(async (flags: Flags) => {
      const { drillDay } = await import('../sensor/drills.js');
      finish(await drillDay(flags));
    });
}

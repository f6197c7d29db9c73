/** The flags of every program that starts a peer, made from the one table of settings. */
import { type Command, Option } from 'commander';
import { type Configuration, SETTINGS, type Setting } from '../node/configuration.js';
import { readConfiguration } from '../node/sources.js';

const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

/** Gives `command` the flags of a peer, and `--config`. */
export function addPeerFlags(command: Command): Command {
  for (const setting of SETTINGS) {
    if (setting.flag === null) continue;
    const option = new Option(setting.flag, setting.help);
    command.addOption(setting.spelling === 'list' ? option.argParser(collect) : option);
  }
  command.option('--config <FILE>', 'settings from a YAML or JSON file; flags and BULLPEN_… come first');
  return command;
}

/**
 * What the user asked for, from flags, `BULLPEN_…` and `--config`.
 *
 * @param flags - as commander read them.
 * @throws ProgramFailure with one line per mistake.
 */
export async function configurationFrom(flags: Readonly<Record<string, unknown>>): Promise<Configuration> {
  const bySetting = SETTINGS.map((setting) => [setting.key, flags[optionKey(setting)]] as const);
  const file = flags.config ?? process.env.BULLPEN_CONFIG;
  return readConfiguration({
    flags: Object.fromEntries(bySetting.filter(([, value]) => value !== undefined)),
    environment: process.env,
    file: typeof file === 'string' ? file : undefined,
  });
}

/** What commander calls the option: `--log-level <LEVEL>` is `logLevel`, `--seed` is `seed`. */
export function optionKey({ flag }: Setting): string {
  return flag === null ? '' : new Option(flag).attributeName();
}

/** What `bullpen monitor` is told. */
import { EXIT, ProgramFailure } from '../node/exit.js';

/** More rows than a terminal has room for. */
const ADDRESSES_MAX = 32;

export interface MonitorSettings {
  /** Where peers serve HTTP, each once, as `http://127.0.0.1:8001`. */
  readonly origins: readonly string[];
  readonly plain: boolean;
  readonly json: boolean;
}

/** @throws ProgramFailure 64 with one line per flag that is wrong. */
export function readMonitorSettings(flags: Readonly<Record<string, unknown>>): MonitorSettings {
  const written = Array.isArray(flags.http) ? flags.http.map(String) : [];
  if (written.length === 0)
    throw new ProgramFailure(
      EXIT.usage,
      '--http is missing: name where a peer serves HTTP, as --http http://127.0.0.1:8001 (repeat it for every peer)',
    );
  if (flags.plain === true && flags.json === true)
    throw new ProgramFailure(EXIT.usage, '--json: excludes plain: choose one of them');
  const read = written.map((text) => ({ text, origin: originOf(text) }));
  const wrong = read.filter(({ origin }) => origin === null);
  if (wrong.length > 0)
    throw new ProgramFailure(
      EXIT.usage,
      ...wrong.map(({ text }) => `--http: ${JSON.stringify(text)} must be a URL, as http://127.0.0.1:8001`),
    );
  const origins = [...new Set(read.flatMap(({ origin }) => origin ?? []))];
  if (origins.length > ADDRESSES_MAX)
    throw new ProgramFailure(EXIT.usage, `--http: at most ${ADDRESSES_MAX} peers can be watched at a time`);
  return { origins, plain: flags.plain === true, json: flags.json === true };
}

/** `127.0.0.1:8003` is meant as `http://127.0.0.1:8003`; null when it is no address of HTTP. */
function originOf(text: string): string | null {
  const url = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(url)) return null;
  const { protocol, origin, hostname } = new URL(url);
  return (protocol === 'http:' || protocol === 'https:') && hostname !== '' ? origin : null;
}

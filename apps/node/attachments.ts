/** What any program hangs on its peer when asked to: HTTP, a trace file, the inspector. Loaded only when asked for. */
import type { Peer } from '../../actors/index.js';
import type { Address } from '../../transport/index.js';
import type { Configuration } from './configuration.js';
import { keepLost } from './divergence.js';
import type { Logger } from './logger.js';
import { recordTrace, type TraceRecorder, traceHeader } from './trace-recorder.js';

export interface Attachments {
  /** HOST:PORT of HTTP; null when it is off. */
  readonly http: Address | null;
  /** Where the inspector is fed, in words; null when it is off. */
  readonly inspector: string | null;
  /** Lets go of the peer, finishes the trace file, closes every connection. */
  close(): Promise<void>;
}

/** @throws ProgramFailure when something asked for cannot be started; then nothing stays attached. */
export async function attach(peer: Peer, configuration: Configuration, log: Logger): Promise<Attachments> {
  const endings: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    endings.push(keepLost(peer, configuration.data, log));
    const recorder = wantsTrace(configuration) ? recordTrace(peer) : null;
    if (recorder !== null) endings.push(() => recorder.close());
    await attachTraceFile(peer, configuration, recorder, endings);
    const http = await attachHttp(peer, configuration, recorder, log, endings);
    const inspector = await attachInspector(peer, configuration, log, endings);
    return { http, inspector, close };
  } catch (problem) {
    await close();
    throw problem;
  }
}

type Endings = (() => void | Promise<void>)[];

const wantsTrace = ({ http, trace }: Configuration): boolean => http !== undefined || trace !== undefined;

async function attachTraceFile(
  peer: Peer,
  configuration: Configuration,
  recorder: TraceRecorder | null,
  endings: Endings,
): Promise<void> {
  if (configuration.trace === undefined || recorder === null) return;
  const { writeTrace } = await import('./trace-file.js');
  endings.push(writeTrace(configuration.trace, traceHeader(peer, configuration), recorder));
}

async function attachHttp(
  peer: Peer,
  configuration: Configuration,
  recorder: TraceRecorder | null,
  log: Logger,
  endings: Endings,
): Promise<Address | null> {
  const { http } = configuration;
  if (http === undefined || recorder === null) return null;
  const { serveHttp } = await import('./http.js');
  const server = await serveHttp(peer, { ...configuration, http }, recorder, log);
  endings.push(() => server.close());
  return server.address;
}

async function attachInspector(
  peer: Peer,
  { inspect }: Configuration,
  log: Logger,
  endings: Endings,
): Promise<string | null> {
  if (inspect === false) return null;
  const { startInspector } = await import('./inspector.js');
  const inspector = await startInspector(peer, inspect, log);
  endings.push(() => inspector.close());
  return inspector.where;
}

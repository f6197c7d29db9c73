/** What any program hangs on its peer when asked to: HTTP, a trace file, the inspector. Loaded only when asked for. */
import type { Peer } from '../../actors/index.js';
import type { Address } from '../../transport/index.js';
import type { Configuration } from './configuration.js';
import type { Cuts } from './cuts.js';
import { keepLost } from './divergence.js';
import type { Faults } from './faults.js';
import type { HttpServer } from './http.js';
import type { Inspector } from './inspector.js';
import type { Logger } from './logger.js';
import type { System } from './system.js';
import { recordTrace, type TraceRecorder, traceHeader } from './trace-recorder.js';

export interface Attachments {
  /** HOST:PORT of HTTP; null when it is off. */
  readonly http: Address | null;
  /** Where viewers of statecharts connect, or are fed, in words; empty when nothing of it is on. */
  readonly inspectors: readonly string[];
  /** Takes no more requests over HTTP, and lets those under way be answered: for a peer on its way down. */
  hush(): Promise<void>;
  /** Lets go of the peer, finishes the trace file, closes every connection. */
  close(): Promise<void>;
}

/**
 * @param systems - what the peer runs beyond its log.
 * @param cuts - of its network, where faults are allowed.
 * @throws ProgramFailure when something asked for cannot be started; then nothing stays attached.
 */
export async function attach(
  peer: Peer,
  configuration: Configuration,
  log: Logger,
  systems: readonly System[] = [],
  cuts: Cuts | null = null,
): Promise<Attachments> {
  const endings: (() => void | Promise<void>)[] = [];
  const close = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    endings.push(keepLost(peer, configuration.data, log));
    const recorder = wantsTrace(configuration) ? recordTrace(peer) : null;
    if (recorder !== null) endings.push(() => recorder.close());
    await attachTraceFile(peer, configuration, recorder, endings);
    const faults = await prepareFaults(peer, cuts, recorder, log);
    if (faults !== null) endings.push(() => faults.close());
    const server = await attachHttp(peer, configuration, recorder, log, faults, systems);
    const hush = once(async () => server?.close());
    endings.push(hush);
    const inspectors = await attachInspectors(peer, configuration, log, endings);
    return { http: server?.address ?? null, inspectors, hush, close };
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

async function prepareFaults(
  peer: Peer,
  cuts: Cuts | null,
  recorder: TraceRecorder | null,
  log: Logger,
): Promise<Faults | null> {
  if (cuts === null || recorder === null) return null;
  const { createFaults } = await import('./faults.js');
  log.warn('--allow-faults: pages and programs of this machine may crash, pause and cut off this peer');
  return createFaults(peer, cuts, recorder);
}

async function attachHttp(
  peer: Peer,
  configuration: Configuration,
  recorder: TraceRecorder | null,
  log: Logger,
  faults: Faults | null,
  systems: readonly System[],
): Promise<HttpServer | null> {
  const { http } = configuration;
  if (http === undefined || recorder === null) return null;
  const { serveHttp } = await import('./http.js');
  return serveHttp(peer, { ...configuration, http }, recorder, log, faults, systems);
}

function once(task: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= task();
    return done;
  };
}

async function attachInspectors(
  peer: Peer,
  { inspect, inspectLegacy }: Configuration,
  log: Logger,
  endings: Endings,
): Promise<readonly string[]> {
  const inspectors: Inspector[] = [];
  if (inspect !== false) {
    const { startInspector } = await import('./inspector.js');
    const current = await startInspector(peer, inspect, log);
    inspectors.push(current);
    endings.push(() => current.close());
  }
  if (inspectLegacy !== false) {
    const { serveLegacyInspector } = await import('./legacy-inspector.js');
    const legacy = await serveLegacyInspector(peer, inspectLegacy, log);
    inspectors.push(legacy);
    endings.push(() => legacy.close());
  }
  return inspectors.map(({ where }) => where);
}

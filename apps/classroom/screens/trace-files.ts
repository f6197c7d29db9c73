/** Trace files as people bring them: plain or gzipped, whole or damaged, ours or not. What cannot be read is said in one line. */

/** More than a page can hold with pleasure. */
const BYTES_MAX = 100 * 1024 * 1024;
const GZIP = [0x1f, 0x8b];
/** A look at the beginning tells whether it is a trace at all. */
const LINES_LOOKED_AT = 5;

export type TraceFile =
  | { readonly ok: true; readonly name: string; readonly lines: readonly string[] }
  /** In one line, with the file's name. */
  | { readonly ok: false; readonly why: string };

/** Reads one file. */
export async function readTrace(file: Blob, name: string): Promise<TraceFile> {
  const refused = (why: string): TraceFile => ({ ok: false, why: `${name}: ${why}` });
  if (file.size === 0) return refused('the file is empty');
  if (file.size > BYTES_MAX) return refused(`larger than ${BYTES_MAX / 1024 / 1024} MB`);
  try {
    const lines = (await textOf(file)).split('\n').filter((line) => line.trim() !== '');
    const problem = problemOf(lines);
    return problem === null ? { ok: true, name, lines } : refused(problem);
  } catch (problem) {
    return refused(problem instanceof RangeError ? problem.message : 'cannot be read; it may be damaged');
  }
}

/** Fetches one; only what the page's policy lets it speak to can be. */
export async function fetchTrace(url: string): Promise<TraceFile> {
  const name = url.split('/').at(-1) || url;
  try {
    const answer = await fetch(url);
    if (!answer.ok) return { ok: false, why: `${url}: answered ${answer.status}` };
    return await readTrace(await answer.blob(), name);
  } catch {
    return {
      ok: false,
      why: `${url}: cannot be fetched from here; save the trace as a file and open that`,
    };
  }
}

async function textOf(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  if (first !== GZIP[0] || second !== GZIP[1]) return file.text();
  const reader = file.stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.length;
    if (bytes > BYTES_MAX) {
      await reader.cancel();
      throw new RangeError(`unpacked it is larger than ${BYTES_MAX / 1024 / 1024} MB`);
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Why these lines are no trace; null when they may be one. */
function problemOf(lines: readonly string[]): string | null {
  const records = lines.slice(0, LINES_LOOKED_AT).map(recordIn);
  const [first] = records;
  if (first === undefined) return 'there is nothing in it';
  if (first?.kind === 'header' && first.v !== 1)
    return `a trace of version ${String(first.v)}; this page reads version 1`;
  if (records.every((record) => record === null))
    return 'not a trace: a trace is lines of JSON, as bullpen writes with --trace';
  const isTrace = records.some((record) => record?.kind === 'header' || typeof record?.k === 'string');
  return isTrace ? null : 'JSON, but not a trace of bullpen';
}

function recordIn(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

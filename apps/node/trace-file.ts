/** Writes a trace to a file as it grows. A disk that is too slow costs records, and says so in the file; never memory. */
import { createWriteStream, openSync } from 'node:fs';
import { EXIT, ProgramFailure } from './exit.js';
import { gapBefore, type TraceRecorder } from './trace-recorder.js';

const UNWRITTEN_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Starts `path` anew with `header` and what `recorder` holds, and appends every record from now on.
 *
 * @returns what ends the file: it resolves when everything is written.
 * @throws ProgramFailure when the file cannot be written.
 */
export function writeTrace(path: string, header: string, recorder: TraceRecorder): () => Promise<void> {
  const file = createWriteStream(path, { fd: open(path) });
  let skipped = 0;
  let broken = false;
  file.on('error', (problem) => {
    if (!broken) process.stderr.write(`bullpen: --trace: ${path}: ${problem.message}; the trace ends here\n`);
    broken = true;
  });
  const { lines, gap } = recorder.after(0, recorder.newest());
  file.write([header, ...(gap === null ? [] : [gap]), ...lines.map(({ line }) => line), ''].join('\n'));
  const detach = recorder.onRecord((line, record) => {
    if (broken) return;
    if (file.writableLength > UNWRITTEN_BYTES_MAX) {
      skipped += 1;
      return;
    }
    if (skipped > 0) file.write(`${gapBefore(record, skipped)}\n`);
    skipped = 0;
    file.write(`${line}\n`);
  });
  return () =>
    new Promise((resolve) => {
      detach();
      if (broken) resolve();
      else file.end(resolve);
    });
}

function open(path: string): number {
  try {
    return openSync(path, 'w', 0o600);
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException;
    throw new ProgramFailure(EXIT.configuration, `--trace: cannot write ${path} (${code})`);
  }
}

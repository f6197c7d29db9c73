/** Folders that are made where they are missing. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes `path`, and every folder above it that is missing. Node's own `recursive` never comes back where a folder that is
 * there takes none, as below `/proc` (tried with Node 20).
 *
 * @throws the file system's error for the first folder that cannot be made; those above it stay.
 */
export function makeFolder(path: string, mode?: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return;
  if (dirname(path) !== path) makeFolder(dirname(path), mode);
  try {
    mkdirSync(path, mode === undefined ? {} : { mode });
  } catch (problem) {
    // Somebody else has made it meanwhile.
    if ((problem as NodeJS.ErrnoException).code !== 'EEXIST' || !statSync(path).isDirectory()) throw problem;
  }
}

/**
 * The strongbox of a client: the key it signs with, and what its sealed bids hold. In a file of its own, so that a client
 * that starts again is the same bidder and can still reveal; no server ever sees it.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { EXIT, ProgramFailure } from '../node/exit.js';
import { makeFolder } from '../node/folder.js';
import { Amount, Name, Nonce, PublicKey, Round } from './commands.js';
import type { Opening } from './seal.js';
import { createKeyPair, type KeyPair } from './signature.js';

/** Bids that are remembered; of more, the oldest go. */
const OPENINGS_MAX = 200;

const Content = z.strictObject({
  format: z.literal(1),
  name: Name,
  cluster: z.string(),
  pair: z.strictObject({ publicKey: PublicKey, privateKey: PublicKey }),
  openings: z.array(
    z.strictObject({ auction: z.string(), round: Round, name: Name, amount: Amount, nonce: Nonce }),
  ),
});

export interface Strongbox {
  readonly name: string;
  readonly pair: KeyPair;
  /** Null when there is no file: it lasts as long as the process. */
  readonly file: string | null;
  openingOf(auction: string, round: number): Opening | undefined;
  openings(): readonly Opening[];
  /** It is on the disk when this returns. @throws ProgramFailure 70 when it cannot be written. */
  keep(opening: Opening): void;
  forget(opening: Opening): void;
  close(): void;
}

/**
 * Opens the box of `name`, or makes one.
 *
 * @param folder - null keeps it in memory.
 * @throws ProgramFailure 78 when there can be no such file or it is damaged, 75 when another client has it open.
 */
export function openStrongbox(folder: string | null, cluster: string, name: string): Strongbox {
  if (folder === null)
    return boxOf(
      name,
      createKeyPair(),
      [],
      null,
      () => {},
      () => {},
    );
  const file = join(folder, `${encodeURIComponent(cluster)}-${name}.json`);
  const unlock = locked(folder, file);
  try {
    const found = read(file);
    const pair = found?.pair ?? createKeyPair();
    const save = (openings: readonly Opening[]) =>
      write(file, JSON.stringify({ format: 1, name, cluster, pair, openings }));
    if (found === null) save([]);
    return boxOf(name, pair, found?.openings ?? [], file, save, unlock);
  } catch (problem) {
    unlock();
    throw problem;
  }
}

function boxOf(
  name: string,
  pair: KeyPair,
  found: readonly Opening[],
  file: string | null,
  save: (openings: readonly Opening[]) => void,
  close: () => void,
): Strongbox {
  let openings = found;
  const isOf = (one: Opening, auction: string, round: number) =>
    one.auction === auction && one.round === round;
  return {
    name,
    pair,
    file,
    openingOf: (auction, round) => openings.find((one) => isOf(one, auction, round)),
    openings: () => openings,
    keep(opening) {
      openings = [...openings, opening].slice(-OPENINGS_MAX);
      save(openings);
    },
    forget({ auction, round }) {
      openings = openings.filter((one) => !isOf(one, auction, round));
      save(openings);
    },
    close,
  };
}

function read(file: string): z.infer<typeof Content> | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (problem) {
    if (codeOf(problem) === 'ENOENT') return null;
    throw unusable(file, problem);
  }
  try {
    return Content.parse(JSON.parse(text));
  } catch {
    throw new ProgramFailure(
      EXIT.configuration,
      `${file} is damaged: it holds no key and no bids that can be read; put a copy in its place, or move it away and take another name`,
    );
  }
}

/** Whole or not at all, whatever happens meanwhile; for its owner's eyes only. */
function write(file: string, text: string): void {
  const fresh = `${file}.new`;
  try {
    const handle = openSync(fresh, 'w', 0o600);
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(fresh, file);
  } catch (problem) {
    throw unusable(file, problem);
  }
}

/** Two clients with one box would lose each other's bids. A lock whose process is gone is none. */
function locked(folder: string, file: string): () => void {
  const lock = `${file}.lock`;
  try {
    makeFolder(folder);
    for (const isLast of [false, true]) {
      try {
        const handle = openSync(lock, 'wx', 0o600);
        writeSync(handle, String(process.pid));
        closeSync(handle);
        return () => rmSync(lock, { force: true });
      } catch (problem) {
        if (codeOf(problem) !== 'EEXIST') throw problem;
        const holder = Number(readFileSync(lock, 'utf8'));
        if (isLast || isAlive(holder))
          throw new ProgramFailure(
            EXIT.unavailable,
            `${file} is in use by process ${holder}: end that client, or take another --name or --data`,
          );
        rmSync(lock, { force: true });
      }
    }
  } catch (problem) {
    throw problem instanceof ProgramFailure ? problem : unusable(file, problem);
  }
  throw new Error('unreachable');
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (problem) {
    return codeOf(problem) === 'EPERM';
  }
}

const codeOf = (problem: unknown): string => (problem as NodeJS.ErrnoException).code ?? String(problem);

const unusable = (file: string, problem: unknown): ProgramFailure =>
  new ProgramFailure(
    EXIT.configuration,
    `--data: ${file} cannot be used (${codeOf(problem)}); choose a folder that can be written`,
  );

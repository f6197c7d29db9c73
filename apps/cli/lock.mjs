/** A lock between processes: a file that holds the id of the process that works. The lock of a dead one is taken over. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const WAIT_MOST_MS = 5 * 60_000;
const LOOK_AGAIN_MS = 100;

/**
 * Runs `work` while no other process holds the lock.
 *
 * @param path - the lock's file; its folder exists.
 * @param tell - hears that another process is being waited for, once.
 * @throws Error when the other process has not finished within five minutes.
 */
export async function withLock(path, tell, work) {
  await take(path, tell);
  const release = () => rmSync(path, { force: true });
  const stop = () => {
    release();
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await work();
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    release();
  }
}

async function take(path, tell) {
  const deadline = Date.now() + WAIT_MOST_MS;
  for (let tried = 0; Date.now() < deadline; tried++) {
    if (create(path)) return;
    if (clearIfDead(path)) continue;
    if (tried === 0) tell('another process is preparing; waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  throw new Error(`another process has been preparing for five minutes; if there is none, remove ${path}`);
}

function create(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (problem) {
    if (problem.code === 'EEXIST') return false;
    throw problem;
  }
}

/** Renaming decides between two that find the same dead lock: only one of them succeeds. */
function clearIfDead(path) {
  try {
    const text = readFileSync(path, 'utf8');
    // An empty file was created this instant and is being written.
    if (text === '' || isAlive(Number(text))) return false;
    const aside = `${path}.${process.pid}`;
    renameSync(path, aside);
    rmSync(aside, { force: true });
    return true;
  } catch (problem) {
    if (problem.code === 'ENOENT') return true;
    throw problem;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (problem) {
    return problem.code === 'EPERM';
  }
}

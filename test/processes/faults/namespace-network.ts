/**
 * A network of Linux network namespaces: each peer in one of its own, all on one bridge, the clients outside.
 *
 * A direction is cut by a wrong neighbour entry: the kernel goes on sending to an Ethernet address that nobody has, so
 * packets vanish without a word to anyone. It needs nothing but `ip`. Established connections stay, and TCP repeats what
 * was lost, with its own growing patience.
 */
import { execFileSync } from 'node:child_process';
import { attempt, perform } from './command.js';
import type { Network, Place } from './network.js';

const PORT = 7000;
const HTTP_PORT = 8000;
const NOBODY = '02:00:00:00:00:01';

/** @returns null when it works here; else why it does not. */
export async function whyNoNamespaces(): Promise<string | null> {
  const name = `bullpen-try-${process.pid}`;
  const { exitCode, stderr } = await attempt('ip', ['netns', 'add', name]);
  if (exitCode !== 0) return `ip netns is not permitted here (${stderr.trim()})`;
  const link = await attempt('ip', ['link', 'add', `bpt${process.pid}`, 'type', 'bridge']);
  if (link.exitCode === 0) await perform('ip', 'link', 'del', `bpt${process.pid}`);
  await perform('ip', 'netns', 'del', name);
  return link.exitCode === 0 ? null : `bridges are not permitted here (${link.stderr.trim()})`;
}

/** @param ids - at most 200. */
export async function createNamespaceNetwork(ids: readonly string[]): Promise<Network> {
  const tag = process.pid.toString(36);
  // Of a network that nobody uses: another run on this machine has another number.
  const subnet = `10.${200 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 256}`;
  const bridge = `bp${tag}`;
  const spaceOf = (id: string) => `bullpen-${tag}-${id}`;
  const cableOf = (id: string) => `bp${tag}-${ids.indexOf(id) + 1}`;
  const hostOf = (id: string) => `${subnet}.${ids.indexOf(id) + 1}`;
  const cuts = new Set<string>();
  const unplugged = new Set<string>();

  const removeNow = () => {
    for (const id of ids) {
      // A namespace goes when its last socket has, its cable at once.
      quietly(['link', 'del', cableOf(id)]);
      quietly(['netns', 'del', spaceOf(id)]);
    }
    quietly(['link', 'del', bridge]);
  };
  process.once('exit', removeNow);
  await perform('ip', 'link', 'add', bridge, 'type', 'bridge');
  await perform('ip', 'addr', 'add', `${subnet}.254/24`, 'dev', bridge);
  await perform('ip', 'link', 'set', bridge, 'up');
  for (const id of ids) await addSpace(id);

  async function addSpace(id: string): Promise<void> {
    const [space, cable] = [spaceOf(id), cableOf(id)];
    await perform('ip', 'netns', 'add', space);
    await perform('ip', 'link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', space);
    await perform('ip', 'link', 'set', cable, 'master', bridge, 'up');
    await perform('ip', '-n', space, 'addr', 'add', `${hostOf(id)}/24`, 'dev', 'eth0');
    await perform('ip', '-n', space, 'link', 'set', 'eth0', 'up');
    await perform('ip', '-n', space, 'link', 'set', 'lo', 'up');
  }

  const neighbour = (verb: string, from: string, to: string, ...more: readonly string[]) =>
    perform('ip', '-n', spaceOf(from), 'neigh', verb, hostOf(to), 'dev', 'eth0', ...more);
  const cut = async (from: string, to: string) => {
    cuts.add(`${from}>${to}`);
    await neighbour('replace', from, to, 'lladdr', NOBODY, 'nud', 'permanent');
  };
  const mend = async (from: string, to: string) => {
    if (cuts.delete(`${from}>${to}`)) await neighbour('del', from, to);
  };
  const plug = async (id: string, isIn: boolean) => {
    if (isIn) unplugged.delete(id);
    else unplugged.add(id);
    await perform('ip', 'link', 'set', cableOf(id), isIn ? 'up' : 'down');
  };
  let turn = Promise.resolve();
  /** One after the other: two faults may want the same link at once. */
  const inTurn = (task: () => Promise<void>): Promise<void> => {
    turn = turn.then(task);
    return turn;
  };
  const placeOf = (id: string): Place => ({
    listen: `${hostOf(id)}:${PORT}`,
    advertise: `${hostOf(id)}:${PORT}`,
    http: `${hostOf(id)}:${HTTP_PORT}`,
    before: ['ip', 'netns', 'exec', spaceOf(id)],
  });
  return {
    kind: 'netns',
    placeOf,
    cut: (from, to) => inTurn(() => cut(from, to)),
    mend: (from, to) => inTurn(() => mend(from, to)),
    plug: (id, isIn) => inTurn(() => plug(id, isIn)),
    mendAll: () =>
      inTurn(async () => {
        for (const one of [...cuts]) {
          const [from = '', to = ''] = one.split('>');
          await mend(from, to);
        }
        for (const id of [...unplugged]) await plug(id, true);
      }),
    close: async () => {
      process.off('exit', removeNow);
      removeNow();
    },
  };
}

function quietly(words: readonly string[]): void {
  try {
    execFileSync('ip', words, { stdio: 'ignore' });
  } catch {
    // It was never made, or is gone already.
  }
}

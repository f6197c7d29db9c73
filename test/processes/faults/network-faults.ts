/** What can happen between processes. Each mends what it broke; two at once may meet, and the nemesis mends the rest. */
import type { Chance } from './chance.js';
import { type Fault, last, type Stage } from './fault.js';
import type { Network } from './network.js';

type Pair = readonly [from: string, to: string];

/** For either kind of network, under the name of that kind. */
export const networkFaults = (kind: Network['kind']): readonly Fault[] => [
  { kind, name: 'split', weight: 3, apply: split },
  { kind, name: 'isolate one', weight: 1, apply: isolate },
  { kind, name: 'isolate the coordinator', weight: 2, apply: isolateCoordinator },
  { kind, name: 'cut one way', weight: 3, apply: cutOneWay },
  { kind, name: 'deafen or mute', weight: 2, apply: deafenOrMute },
  { kind, name: 'cut one link', weight: 2, apply: cutOneLink },
  { kind, name: 'flap', weight: 1, apply: flap },
  ...(kind === 'proxy'
    ? [
        { kind, name: 'reset', weight: 1, apply: reset },
        { kind, name: 'slow', weight: 2, apply: slow },
      ]
    : [{ kind, name: 'unplug', weight: 2, apply: unplug }]),
];

/** Two sides that hear nothing of each other. */
async function split(stage: Stage, chance: Chance): Promise<boolean> {
  const ids = chance.shuffled(idsOf(stage));
  const size = 1 + Math.floor(chance.fraction() * (ids.length - 1));
  const [some, others] = [ids.slice(0, size), ids.slice(size)];
  return broken(stage, chance, `split ${some.join(', ')} | ${others.join(', ')}`, both(some, others));
}

function isolate(stage: Stage, chance: Chance): Promise<boolean> {
  return setApart(stage, chance, chance.oneOf(idsOf(stage)));
}

async function isolateCoordinator(stage: Stage, chance: Chance): Promise<boolean> {
  const { coordinator } = stage.cluster;
  return coordinator !== undefined && setApart(stage, chance, coordinator.id);
}

function setApart(stage: Stage, chance: Chance, alone: string): Promise<boolean> {
  return broken(stage, chance, `isolate ${alone}`, both([alone], others(stage, alone)));
}

async function cutOneWay(stage: Stage, chance: Chance): Promise<boolean> {
  const [from = '', to = ''] = chance.shuffled(idsOf(stage));
  return broken(stage, chance, `cut ${from} → ${to}`, [[from, to]]);
}

/** One that is heard and hears nothing, or the other way round. */
async function deafenOrMute(stage: Stage, chance: Chance): Promise<boolean> {
  const victim = aim(stage, chance);
  const rest = others(stage, victim);
  return chance.happens(0.5)
    ? broken(stage, chance, `deafen ${victim}`, oneWay(rest, [victim]))
    : broken(stage, chance, `mute ${victim}`, oneWay([victim], rest));
}

/** With three peers a chain is left, with more a network that is not transitive either. */
async function cutOneLink(stage: Stage, chance: Chance): Promise<boolean> {
  const [one = '', other = ''] = chance.shuffled(idsOf(stage));
  return broken(stage, chance, `cut ${one} | ${other}`, both([one], [other]));
}

async function flap(stage: Stage, chance: Chance): Promise<boolean> {
  const victim = aim(stage, chance);
  const pairs = both([victim], others(stage, victim));
  stage.trail.note(`flap ${victim}`);
  for (let times = 5; times > 0; times--) {
    await cutAll(stage, pairs);
    await last(stage, chance, 300, 2000);
    await mendThese(stage, pairs);
    await last(stage, chance, 100, 1000);
  }
  return true;
}

async function reset(stage: Stage, chance: Chance): Promise<boolean> {
  const victim = aim(stage, chance);
  stage.trail.note(`reset all connections of ${victim}`);
  for (const other of others(stage, victim)) stage.network.reset?.(victim, other);
  return true;
}

async function slow(stage: Stage, chance: Chance): Promise<boolean> {
  const victim = aim(stage, chance);
  const delayMs = Math.round(chance.between(20, 800));
  const pairs = both([victim], others(stage, victim));
  stage.trail.note(`slow ${victim}: ${delayMs} ms each way`);
  for (const [from, to] of pairs) stage.network.delay?.(from, to, delayMs);
  await last(stage, chance, 2000, 12_000);
  await mendThese(stage, pairs);
  return true;
}

async function unplug(stage: Stage, chance: Chance): Promise<boolean> {
  const victim = aim(stage, chance);
  stage.trail.note(`unplug ${victim}`);
  await stage.network.plug?.(victim, false);
  await last(stage, chance, 1000, 10_000);
  stage.trail.note(`plug ${victim} in`);
  await stage.network.plug?.(victim, true);
  return true;
}

/** Half the time the coordinator: what hits it matters most. */
function aim({ cluster }: Stage, chance: Chance): string {
  const wanted = chance.happens(0.5) ? cluster.coordinator : undefined;
  return (wanted ?? chance.oneOf(cluster.peers)).id;
}

async function broken(stage: Stage, chance: Chance, name: string, pairs: readonly Pair[]): Promise<boolean> {
  stage.trail.note(name);
  await cutAll(stage, pairs);
  await last(stage, chance, 1000, chance.happens(0.3) ? 20_000 : 8000);
  stage.trail.note(`mend: ${name}`);
  await mendThese(stage, pairs);
  return true;
}

async function cutAll({ network }: Stage, pairs: readonly Pair[]): Promise<void> {
  await Promise.all(pairs.map(([from, to]) => network.cut(from, to)));
}

async function mendThese({ network }: Stage, pairs: readonly Pair[]): Promise<void> {
  await Promise.all(pairs.map(([from, to]) => network.mend(from, to)));
}

const idsOf = ({ cluster }: Stage): readonly string[] => cluster.peers.map(({ id }) => id);

const others = (stage: Stage, id: string): readonly string[] => idsOf(stage).filter((other) => other !== id);

const oneWay = (from: readonly string[], to: readonly string[]): readonly Pair[] =>
  from.flatMap((sender) => to.map((receiver): Pair => [sender, receiver]));

const both = (some: readonly string[], rest: readonly string[]): readonly Pair[] => [
  ...oneWay(some, rest),
  ...oneWay(rest, some),
];

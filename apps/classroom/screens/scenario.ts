/** The sandbox's scenarios: what the builder shows of one, and the script that comes of it. */
import type { Script } from '../contract.js';
import { LATENCY_MS, peersUpTo, scriptOf as scriptOfLessons, TIMINGS } from '../lessons/scripts.js';
import type { Timings, Ways } from './stability.js';

/** What can be chosen, as the builder holds it. */
export interface Choices {
  readonly peers: number;
  readonly seed: number;
  readonly mode: 'safe' | 'classic';
  readonly takeover: 'afterSync' | 'never' | 'immediate';
  readonly timings: Timings;
  readonly ways: Ways;
  /** Share of messages lost, %. */
  readonly lossPercent: number;
}

export const PEERS_MAX = 9;
export const SEED_MAX = 1_000_000;

export const USUAL: Choices = {
  peers: 5,
  seed: 1,
  mode: 'safe',
  takeover: 'afterSync',
  timings: TIMINGS,
  ways: { from: LATENCY_MS, to: LATENCY_MS },
  lossPercent: 0,
};

export function scriptOfChoices(choices: Choices, acts: Script['acts'] = []): Script {
  const { peers, seed, mode, takeover, timings, ways, lossPercent } = choices;
  const base = scriptOfLessons(
    {
      peers,
      mode,
      takeover,
      timings,
      network: {
        latency: ways.from === ways.to ? ways.from : { from: ways.from, to: ways.to },
        loss: lossPercent / 100,
      },
    },
    acts,
  );
  return { ...base, scenario: { ...base.scenario, seed } };
}

/** What the builder can show of any script; what it has no place for stays as it is in `withChoices`. */
export function choicesOf({ scenario }: Script): Choices {
  const { options, network, peers, seed } = scenario;
  const latency = network?.latency;
  const ways =
    latency === undefined
      ? { from: 0, to: 40 }
      : typeof latency === 'number'
        ? { from: latency, to: latency }
        : latency;
  const own = options.timings ?? {};
  const timing = (key: keyof Timings): number => own[key] ?? TIMINGS[key];
  return {
    peers: peers.length,
    seed,
    mode: options.mode ?? 'safe',
    takeover: options.takeover,
    timings: {
      heartbeatIntervalMs: timing('heartbeatIntervalMs'),
      suspectTimeoutMs: timing('suspectTimeoutMs'),
      verifyTimeoutMs: timing('verifyTimeoutMs'),
      answerTimeoutMs: timing('answerTimeoutMs'),
      coordinatorTimeoutMs: timing('coordinatorTimeoutMs'),
      stickinessMs: timing('stickinessMs'),
    },
    ways,
    lossPercent: Math.round((network?.loss ?? 0) * 1000) / 10,
  };
}

/** The script with other choices. Acts stay, as far as their peers do. */
export function withChoices(script: Script, choices: Choices): Script {
  const next = scriptOfChoices(choices);
  const { scenario } = script;
  const ids = new Set<string>(peersUpTo(choices.peers));
  const isThere = (act: Script['acts'][number]) => !('peer' in act) || ids.has(act.peer);
  return {
    ...script,
    scenario: {
      ...scenario,
      seed: next.scenario.seed,
      peers: scenario.peers.length === choices.peers ? scenario.peers : next.scenario.peers,
      options: {
        ...scenario.options,
        mode: choices.mode,
        takeover: choices.takeover,
        timings: { ...scenario.options.timings, ...choices.timings },
      },
      network: next.scenario.network,
    },
    acts: script.acts.filter(isThere),
  };
}

const NAMES = {
  heartbeatIntervalMs: 'heartbeat',
  suspectTimeoutMs: 'suspect',
  verifyTimeoutMs: 'verify',
  answerTimeoutMs: 'answer',
  coordinatorTimeoutMs: 'coordinator',
  stickinessMs: 'stickiness',
} as const satisfies Record<keyof Timings, string>;

/** What differs between two choices, in few words: the name of the branch. */
export function differenceInWords(before: Choices, after: Choices): string {
  const parts = [
    before.peers !== after.peers && `${after.peers} peers`,
    before.seed !== after.seed && `seed ${after.seed}`,
    before.mode !== after.mode && `mode ${after.mode}`,
    before.takeover !== after.takeover && `takeover ${after.takeover}`,
    ...(Object.keys(NAMES) as (keyof Timings)[]).map(
      (key) => before.timings[key] !== after.timings[key] && `${NAMES[key]} ${after.timings[key]}`,
    ),
    (before.ways.from !== after.ways.from || before.ways.to !== after.ways.to) &&
      `latency ${after.ways.from}${after.ways.from === after.ways.to ? '' : `–${after.ways.to}`}`,
    before.lossPercent !== after.lossPercent && `loss ${after.lossPercent} %`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}

/** Histories made up from a seed: of a cluster without a flaw, and the same with one flaw put in. */
import { draw } from '../../machines/values/chance.js';
import type { Evidence } from './checker.js';
import type { Delivered, Operation, Reading, Submission } from './operation.js';

export interface Shape {
  readonly seed: number;
  readonly clients: number;
  readonly operations: number;
  readonly topics: number;
  readonly peers: number;
  /** The longest that a peer may be behind, ms; with 0 every reading is of this moment. */
  readonly lagMs: number;
}

/** An operation before anybody knows what comes of it. */
interface Plan {
  readonly client: string;
  readonly topic: string;
  readonly session: string;
  readonly key: string;
  readonly isReading: boolean;
  readonly fate: 'ok' | 'fail' | 'delivered-unseen' | 'never-delivered';
  readonly start: number;
  /** When the cluster takes it; a reading shows this moment, less the peer's lag. */
  readonly moment: number;
  readonly end: number;
}

/** A correct history: every operation takes effect in one moment between its start and its end. */
export function correctHistory(shape: Shape): Evidence {
  const plans = plansOf(shape).toSorted((one, other) => one.moment - other.moment);
  const log: (Delivered & { readonly moment: number })[] = [];
  for (const { key, topic, moment, isReading, fate } of plans) {
    if (isReading || fate === 'fail' || fate === 'never-delivered') continue;
    const topicSequence = log.filter((other) => other.topic === topic).length + 1;
    log.push({ sequence: log.length + 1, topicSequence, topic, key, moment });
  }
  const lagOf = (session: string) => (shape.lagMs * Number(session)) / shape.peers;
  const operations = plans.map((plan): Operation => {
    const known = log.filter(({ moment }) => moment <= plan.moment - lagOf(plan.session));
    return plan.isReading ? readingOf(plan, known) : submissionOf(plan, log, lagOf(plan.session));
  });
  const order = log.map(({ sequence, topicSequence, topic, key }) => ({
    sequence,
    topicSequence,
    topic,
    key,
  }));
  const logs = new Map(Array.from({ length: shape.peers }, (_, i) => [String(i + 1), order]));
  return { operations, logs };
}

function readingOf(plan: Plan, known: readonly Delivered[]): Reading {
  const { client, topic, session, start, end } = plan;
  const shown = known.filter((delivered) => delivered.topic === topic).map(({ key }) => key);
  const after = Math.max(0, shown.length - 3);
  return { op: 'read', client, topic, session, start, end, after, keys: shown.slice(after), isWhole: true };
}

/** A peer acknowledges what it has delivered itself, so not before its lag is over. */
function submissionOf(plan: Plan, log: readonly Delivered[], lagMs: number): Submission {
  const { client, topic, session, key, fate, start, moment, end } = plan;
  const offered = { op: 'submit', client, topic, key, session, start } as const;
  const found = log.find((delivered) => delivered.key === key);
  if (fate === 'fail') return { ...offered, end, outcome: 'fail' };
  if (fate !== 'ok' || found === undefined) return { ...offered, end, outcome: 'unknown' };
  const { sequence, topicSequence } = found;
  return { ...offered, end: Math.max(end, moment + lagMs), outcome: 'ok', sequence, topicSequence };
}

/** Every client does one thing after another; clients know nothing of each other. */
function plansOf({ seed, clients, operations, topics, peers, lagMs }: Shape): Plan[] {
  const chance = chanceOf(seed);
  const free = new Map<string, number>();
  return Array.from({ length: operations }, (_, i) => {
    const client = `client-${chance.whole(clients)}`;
    const start = (free.get(client) ?? 0) + chance.fraction() * 10;
    const moment = start + chance.fraction() * 10;
    const end = moment + chance.fraction() * 10;
    const isReading = chance.fraction() < 0.4;
    const fate = isReading ? 'ok' : fateOf(chance.fraction());
    // An unknown outcome may take effect long after its client has gone on.
    const late = fate === 'delivered-unseen' ? chance.fraction() * 100 : 0;
    free.set(client, end + lagMs + 0.001);
    return {
      client,
      topic: `topic-${chance.whole(topics)}`,
      session: String(chance.whole(peers)),
      key: `key-${i + 1}`,
      isReading,
      fate,
      start,
      moment: moment + late,
      end,
    };
  });
}

function fateOf(value: number): Plan['fate'] {
  if (value < 0.7) return 'ok';
  if (value < 0.8) return 'fail';
  return value < 0.9 ? 'delivered-unseen' : 'never-delivered';
}

function chanceOf(from: number) {
  let seed = from;
  const fraction = (): number => {
    const { value, seed: next } = draw(seed);
    seed = next;
    return value;
  };
  return { fraction, whole: (most: number): number => 1 + Math.floor(fraction() * most) };
}

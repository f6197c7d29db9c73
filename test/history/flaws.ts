/** Flaws to put into a correct history; each says which rule has to find it. Null where the history offers no place for it. */
import type { Evidence, Rule } from './checker.js';
import { type Delivered, groupedBy, type Operation, type Reading, type Submission } from './operation.js';

export interface Flaw {
  readonly name: string;
  readonly rule: Rule;
  put(evidence: Evidence): Evidence | null;
}

export const FLAWS: readonly Flaw[] = [
  {
    name: 'an acknowledged submission is gone',
    rule: 'lost',
    put: (evidence) => {
      const victim = acknowledged(evidence).at(-1);
      return victim === undefined
        ? null
        : withOrder(evidence, renumbered(orderOf(evidence).filter(({ key }) => key !== victim.key)));
    },
  },
  {
    name: 'a submission was delivered twice',
    rule: 'duplicate',
    put: (evidence) => {
      const order = orderOf(evidence);
      const [first] = order;
      return first === undefined ? null : withOrder(evidence, renumbered([...order, first]));
    },
  },
  {
    name: 'an unknown one was delivered twice',
    rule: 'duplicate',
    put: (evidence) => {
      const order = orderOf(evidence);
      const unknown = submissionsOf(evidence).find(
        ({ outcome, key }) => outcome === 'unknown' && has(order, key),
      );
      const victim = order.find(({ key }) => key === unknown?.key);
      return victim === undefined ? null : withOrder(evidence, renumbered([...order, victim]));
    },
  },
  {
    name: 'two acknowledged submissions changed places',
    rule: 'moved',
    put: (evidence) => {
      const [one, other] = acknowledged(evidence);
      return one && other ? withOrder(evidence, exchanged(orderOf(evidence), one.key, other.key)) : null;
    },
  },
  {
    name: 'two were numbered against the clock, consistently',
    rule: 'real-time',
    put: (evidence) => againstClock(evidence, () => true),
  },
  {
    name: 'two of one client were numbered against the clock, consistently',
    rule: 'client-order',
    put: (evidence) => againstClock(evidence, (one, other) => one.client === other.client),
  },
  {
    name: 'what was refused as never sent was delivered',
    rule: 'refused',
    put: (evidence) => {
      const victim = submissionsOf(evidence).find(({ outcome }) => outcome === 'fail');
      return victim === undefined
        ? null
        : withOrder(evidence, renumbered([...orderOf(evidence), placeless(victim)]));
    },
  },
  {
    name: 'what nobody offered was delivered',
    rule: 'creation',
    put: (evidence) =>
      withOrder(
        evidence,
        renumbered([...orderOf(evidence), placeless({ key: 'of-nobody', topic: 'topic-1' })]),
      ),
  },
  {
    name: 'one peer has another message at one place',
    rule: 'agreement',
    put: (evidence) => {
      const order = orderOf(evidence);
      const last = order.at(-1);
      if (last === undefined) return null;
      const logs = new Map(evidence.logs).set('1', [...order.slice(0, -1), { ...last, key: 'another' }]);
      return { ...evidence, logs };
    },
  },
  {
    name: 'one peer lacks a message in the middle',
    rule: 'agreement',
    put: (evidence) => {
      const order = orderOf(evidence);
      if (order.length < 3) return null;
      return { ...evidence, logs: new Map(evidence.logs).set('1', order.toSpliced(1, 1)) };
    },
  },
  {
    name: 'the numbers have a hole',
    rule: 'numbering',
    put: (evidence) => {
      const last = orderOf(evidence).at(-1);
      if (last === undefined) return null;
      return withOrder(evidence, [
        ...orderOf(evidence).slice(0, -1),
        { ...last, sequence: last.sequence + 1 },
      ]);
    },
  },
  {
    name: 'numbers of one session came in the wrong order',
    rule: 'session-order',
    put: (evidence) => {
      const order = orderOf(evidence);
      return order.length < 2
        ? null
        : withOrder(
            evidence,
            order.map((delivered, i) => ({ ...delivered, id: `7.${order.length - i}` })),
          );
    },
  },
  {
    name: 'a reading shows another order',
    rule: 'reading',
    put: (evidence) => {
      const victim = readingsOf(evidence).find(({ keys }) => keys.length >= 2);
      return victim === undefined
        ? null
        : withOperation(evidence, victim, { ...victim, keys: victim.keys.toReversed() });
    },
  },
  {
    name: 'a reading shows what was taken back',
    rule: 'reading',
    put: (evidence) => {
      const victim = readingsOf(evidence)[0];
      return victim
        ? withOperation(evidence, victim, { ...victim, keys: [...victim.keys, 'taken-back'] })
        : null;
    },
  },
  {
    name: 'a peer showed less than before',
    rule: 'going-back',
    put: (evidence) => {
      const sessions = groupedBy(readingsOf(evidence), ({ topic, session }) => `${topic} at ${session}`);
      for (const readings of sessions.values())
        for (const early of readings)
          for (const late of readings)
            if (early.end < late.start && early.keys.length > 0)
              return withOperation(evidence, late, { ...late, after: 0, keys: [] });
      return null;
    },
  },
  {
    name: 'a peer did not show what it had acknowledged',
    rule: 'own-writes',
    put: (evidence) => {
      for (const { topic, session, end } of acknowledged(evidence))
        for (const reading of readingsOf(evidence))
          if (reading.topic === topic && reading.session === session && end < reading.start)
            return withOperation(evidence, reading, { ...reading, after: 0, keys: [] });
      return null;
    },
  },
];

export const submissionsOf = ({ operations }: Evidence): readonly Submission[] =>
  operations.filter((operation) => operation.op === 'submit');

export const readingsOf = ({ operations }: Evidence): readonly Reading[] =>
  operations.filter((operation) => operation.op === 'read');

const acknowledged = (evidence: Evidence): readonly Submission[] =>
  submissionsOf(evidence).filter(({ outcome }) => outcome === 'ok');

export const orderOf = ({ logs }: Evidence): readonly Delivered[] => [...logs.values()][0] ?? [];

const has = (order: readonly Delivered[], key: string): boolean =>
  order.some((delivered) => delivered.key === key);

/** The same order at every peer. */
export const withOrder = (evidence: Evidence, order: readonly Delivered[]): Evidence => ({
  ...evidence,
  logs: new Map([...evidence.logs.keys()].map((peer) => [peer, order])),
});

export const withOperation = (evidence: Evidence, old: Operation, changed: Operation): Evidence => ({
  ...evidence,
  operations: evidence.operations.map((operation) => (operation === old ? changed : operation)),
});

const placeless = ({ key, topic }: { readonly key: string; readonly topic: string }): Delivered => ({
  key,
  topic,
  sequence: 0,
  topicSequence: 0,
});

/** Numbers that have no hole, so that only the flaw itself is there to be found. */
function renumbered(order: readonly Delivered[]): readonly Delivered[] {
  const counts = new Map<string, number>();
  return order.map((delivered, i) => {
    const topicSequence = (counts.get(delivered.topic) ?? 0) + 1;
    counts.set(delivered.topic, topicSequence);
    return { ...delivered, sequence: i + 1, topicSequence };
  });
}

function exchanged(order: readonly Delivered[], one: string, other: string): readonly Delivered[] {
  const find = (key: string) => order.find((delivered) => delivered.key === key);
  return renumbered(
    order.map((delivered) => {
      if (delivered.key === one) return find(other) ?? delivered;
      return delivered.key === other ? (find(one) ?? delivered) : delivered;
    }),
  );
}

/** Exchanges two of which one had been acknowledged before the other was offered, and all that anybody was told of it. */
function againstClock(
  evidence: Evidence,
  suits: (one: Submission, other: Submission) => boolean,
): Evidence | null {
  const known = acknowledged(evidence);
  for (const one of known)
    for (const other of known) {
      if (one.end >= other.start || !suits(one, other)) continue;
      const order = exchanged(orderOf(evidence), one.key, other.key);
      const places = new Map(order.map((delivered) => [delivered.key, delivered]));
      const operations = evidence.operations.flatMap((operation): Operation[] => {
        // Readings would tell on it by themselves.
        if (operation.op === 'read') return [];
        const { sequence = 0, topicSequence = 0 } = places.get(operation.key) ?? {};
        return [operation.outcome === 'ok' ? { ...operation, sequence, topicSequence } : operation];
      });
      return withOrder({ ...evidence, operations }, order);
    }
  return null;
}

/** Every invariant of deliveries and receipts can fail: each is shown a history that breaks it. */
import { ClusterError, type ClusterErrorCode, SESSION_EXPIRED } from '../../actors/anywhere.js';
import { DeliveryInvariants } from '../../apps/simulator/delivery-invariants.js';

describe('what is delivered and acknowledged', () => {
  const delivery = (of: number, sequence: number) => ({
    sequence,
    topicSequence: sequence,
    term: 1,
    id: `1.${of}`,
    origin: '1',
    topic: 't',
    payload: { number: of, filling: '' },
    at: 0,
  });
  const receipt = (sequence: number) => ({ sequence, topicSequence: sequence, term: 1, id: '1.1' });
  const error = (code: ClusterErrorCode) => new ClusterError(code, 'said so');
  const submitted = (...clients: string[]) => {
    const invariants = new DeliveryInvariants(() => false);
    for (const client of clients) invariants.submit(client, undefined);
    return invariants;
  };

  it('holds in one order, each once, and again from the beginning after a restart', () => {
    const invariants = submitted('1/1', '1/1');
    for (const peer of ['1', '2', '2']) for (const n of [1, 2]) invariants.delivered(peer, delivery(n, n));
    invariants.acknowledged(1, receipt(1));

    expect(invariants.order.map((one) => one.number)).toEqual([1, 2]);
    expect([invariants.count('acknowledged'), invariants.count('open')]).toEqual([1, 1]);
  });

  it.each<[string, string, (invariants: DeliveryInvariants) => void]>([
    [
      'I9',
      'two peers differ',
      (i) => {
        i.delivered('1', delivery(1, 1));
        i.delivered('2', delivery(2, 1));
      },
    ],
    ['I9', 'a place is left out', (i) => i.delivered('1', delivery(1, 2))],
    [
      'I10',
      'a client is overtaken by itself',
      (i) => {
        i.delivered('1', delivery(2, 1));
        i.delivered('1', delivery(1, 2));
      },
    ],
    [
      'I12',
      'a submission is delivered twice',
      (i) => {
        i.delivered('1', delivery(1, 1));
        i.delivered('1', delivery(1, 2));
      },
    ],
    ['I13', 'nobody submitted it', (i) => i.delivered('1', delivery(9, 1))],
    [
      'I13',
      'it had been refused',
      (i) => {
        i.refused(1, error('overloaded'));
        i.delivered('1', delivery(1, 1));
      },
    ],
    ['I7', 'what is acknowledged stands nowhere', (i) => i.acknowledged(1, receipt(1))],
    [
      'I7',
      'what is acknowledged stands elsewhere',
      (i) => {
        i.delivered('1', delivery(1, 1));
        i.delivered('1', delivery(2, 2));
        i.acknowledged(1, receipt(2));
      },
    ],
    [
      'I21',
      'a submission has two outcomes',
      (i) => {
        i.delivered('1', delivery(1, 1));
        i.acknowledged(1, receipt(1));
        i.refused(1, error('stopped'));
      },
    ],
    [
      'S4',
      'a session expires before its time',
      (i) => i.refused(1, new ClusterError('outcome-unknown', SESSION_EXPIRED)),
    ],
    [
      'I14',
      'a later submission is placed before an acknowledged one',
      (i) => {
        i.delivered('1', delivery(1, 1));
        i.delivered('1', delivery(2, 2));
        i.acknowledged(2, receipt(2));
        i.order.pop();
        i.submit('3/1', undefined);
        i.delivered('1', delivery(3, 2));
      },
    ],
    [
      'I15',
      'one view has two memberships',
      (i) => {
        i.installed('1/1', { number: 1, coordinator: '1', members: [] });
        i.installed('2/1', { number: 1, coordinator: '2', members: [] });
      },
    ],
    [
      'I15',
      'a view number is given twice',
      (i) => {
        for (let times = 0; times < 2; times++)
          i.installed('1/1', { number: 1, coordinator: '1', members: [] });
      },
    ],
  ])('%s: fails when %s', (invariant, _, act) => {
    expect(() => act(submitted('1/1', '1/1'))).toThrow(new RegExp(`^${invariant}: `));
  });

  it('I12: fails when a key takes effect twice', () => {
    const invariants = new DeliveryInvariants(() => false);
    for (const client of ['1/1', '2/1']) invariants.submit(client, 'key');
    invariants.delivered('1', delivery(1, 1));

    expect(() => invariants.delivered('1', delivery(2, 2))).toThrow(/^I12: key key takes effect/);
  });

  it('answers both who used one key with the place of the first', () => {
    const invariants = new DeliveryInvariants(() => false);
    for (const client of ['1/1', '2/1']) invariants.submit(client, 'key');
    invariants.delivered('1', delivery(2, 1));
    invariants.acknowledged(1, receipt(1));
    invariants.acknowledged(2, receipt(1));

    expect(invariants.count('acknowledged')).toBe(2);
  });
});

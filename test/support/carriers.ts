/** Messages that carry one payload, each at a depth of its own. */
import type { Message } from '../../transport/protocol.js';

export const submitting = (content: unknown): Message => ({
  type: 'sequencer.submit',
  from: 'p1',
  session: 1,
  submissions: [{ number: 1, topic: 'general', payload: content }],
});

/** With a key it travels in no run. */
export const alone = (content: unknown): Message => ({
  type: 'sequencer.submit',
  from: 'p1',
  session: 1,
  submissions: [{ number: 1, topic: 'general', payload: content, key: 'k' }],
});

export const appending = (content: unknown): Message => ({
  type: 'sequencer.append',
  from: 'p1',
  term: { n: 1, owner: 'p1' },
  prevIndex: 0,
  prevTerm: { n: 0, owner: 'nobody' },
  entries: [
    {
      kind: 'submission',
      term: { n: 1, owner: 'p1' },
      at: 1,
      body: { session: 1, submission: { number: 1, topic: 'general', payload: content } },
    },
  ],
  commit: 0,
});

export const broadcasting = (content: unknown): Message => ({
  type: 'causal.message',
  from: 'p1',
  origin: 'p1',
  stamp: [],
  topic: 'general',
  payload: content,
});

/** So many levels of arrays around a number. */
export const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

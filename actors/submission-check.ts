/** What a submission must be before it is offered, whoever offers it. */
import { encodePayload } from '../transport/codec.js';
import { LIMITS, type Submission } from '../transport/protocol.js';
import { ClusterError } from './errors.js';

export interface Checked {
  /** As others will see it. */
  readonly submission: Omit<Submission, 'number'>;
  /** Of its payload, encoded. */
  readonly bytes: number;
}

/** The submission as others will see it; or what is wrong with it. */
export function checkedSubmission(
  topic: string,
  payload: unknown,
  key: string | undefined,
): Checked | ClusterError {
  const encoded = encodePayload(payload);
  if (!encoded.ok) return new ClusterError('bad-payload', `payload ${encoded.detail}`);
  if (topic.length < 1 || topic.length > LIMITS.topicCharactersMax)
    return new ClusterError('bad-topic', `a topic has 1 to ${LIMITS.topicCharactersMax} characters`);
  if (key !== undefined && (key.length < 1 || key.length > 128))
    return new ClusterError('bad-payload', 'a key has 1 to 128 characters');
  const { payload: sent, bytes } = encoded;
  return { submission: { topic, payload: sent, ...(key === undefined ? {} : { key }) }, bytes };
}

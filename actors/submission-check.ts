/** What a submission must be before it is offered, whoever offers it. */
import { encodePayload } from '../transport/codec.js';
import { LIMITS, type Submission } from '../transport/protocol.js';
import { ClusterError } from './errors.js';

/** The submission as others will see it; or what is wrong with it. */
export function checkedSubmission(
  topic: string,
  payload: unknown,
  key: string | undefined,
): Omit<Submission, 'number'> | ClusterError {
  const encoded = encodePayload(payload);
  if (!encoded.ok) return new ClusterError('bad-payload', `payload ${encoded.detail}`);
  if (topic.length < 1 || topic.length > LIMITS.topicCharactersMax)
    return new ClusterError('bad-topic', `a topic has 1 to ${LIMITS.topicCharactersMax} characters`);
  if (key !== undefined && (key.length < 1 || key.length > 128))
    return new ClusterError('bad-payload', 'a key has 1 to 128 characters');
  return { topic, payload: encoded.payload, ...(key === undefined ? {} : { key }) };
}

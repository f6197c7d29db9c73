/** The peer's steps while peers found a cluster together (`--expect N`): who has met whom goes to the meeting, if there is one. */
import { companyIn } from '../machines/values/meeting.js';
import { children } from './children.js';
import { childOf, steps, update } from './peer-step.js';

/** There is something to agree on while the log is empty, and something to remember while it holds nothing but an agreement. */
export const openMeeting = update(({ context, spawn }) => {
  const { me, recovered, configuration, options, timings } = context;
  const company = companyIn(configuration);
  const isBlank = recovered?.entries.length === 0 && recovered.snapshot === undefined;
  const expected = company?.length ?? (isBlank ? options.expect : undefined);
  if (expected === undefined) return {};
  const { heartbeatIntervalMs } = timings;
  spawn(children.meeting, { id: 'meeting', input: { me, expected, company, heartbeatIntervalMs } });
  return {};
});

/** A meeting hears who comes, who goes, what they say, and what is on the disk. */
export const toMeeting = steps(({ context, event, enqueue, self }) => {
  if (childOf(self, 'meeting') === undefined) return;
  if (event.type !== 'connection.lost') enqueue.sendTo('meeting', event);
  // A channel that gave way to a better one has taken nobody away.
  else if (!context.connections.some((c) => c.isOpen && c.peer === event.remote))
    enqueue.sendTo('meeting', { type: 'connection.closed', remote: event.remote });
});

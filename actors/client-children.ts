/** The machines that only a client runs, or runs otherwise than a peer, with their effects provided. */
import { enqueueActions, sendParent } from 'xstate';
import { attachmentMachine } from '../machines/attachment.js';
import { readsMachine } from '../machines/reads.js';
import type { Letter as ReadsLetter } from '../machines/reads-rules.js';
import { type Letter, sessionsMachine } from '../machines/sessions.js';
import type { DeskMessage, ReadsMessage, SequencerMessage } from '../transport/protocol.js';

const link = ({ system }: { system: { get(name: string): unknown } }) => system.get('link') as never;

/** What the charts of sessions and readings say to their coordinator a client says to its peer's desk. */
function toDesk(message: SequencerMessage | ReadsMessage): DeskMessage | null {
  const { from } = message;
  if (message.type === 'reads.ask') return { type: 'desk.read', from, id: message.id };
  if (message.type === 'sequencer.open') return { type: 'desk.open', from, nonce: message.nonce };
  if (message.type !== 'sequencer.submit') return null;
  return { type: 'desk.submit', from, session: message.session, submissions: message.submissions };
}

const sendEach = enqueueActions(
  ({ enqueue, system }, { letters }: { letters: readonly (Letter | ReadsLetter)[] }) => {
    for (const { to, message } of letters) {
      const asked = toDesk(message);
      if (asked !== null) enqueue.sendTo(link({ system }), { type: 'send', to, message: asked } as never);
    }
  },
) as never;

export const clientSessions = sessionsMachine.provide({ actions: { sendEach } });

/** Asks its peer, again and again, and the next one when it is gone. Of the chart's two regions a client needs the first. */
export const clientReads = readsMachine.provide({
  actions: {
    sendEach,
    granted: sendParent((_: unknown, params: object) => ({ type: 'reading.granted', ...params })) as never,
  },
});

export const attachmentOf = attachmentMachine.provide({
  actions: {
    send: enqueueActions(({ enqueue, system }, params: object) => {
      enqueue.sendTo(link({ system }), { type: 'send', ...params } as never);
    }) as never,
    attach: sendParent((_: unknown, params: object) => ({ type: 'connection.wanted', ...params })) as never,
    detach: sendParent({ type: 'connection.unwanted' }) as never,
    followed: sendParent((_: unknown, params: object) => ({ type: 'peer.followed', ...params })) as never,
    lost: sendParent({ type: 'peer.lost' }) as never,
  },
});

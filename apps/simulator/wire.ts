/** A transport that is listened to: every message its process sends is shown before it leaves. */
import type { Channel, PeerId, SequencerMessage, Transport } from '../../transport/anywhere.js';
import type { Post } from './post.js';

/** What is worth reading: the messages that reveal a promise or an entry. */
const REVEALING = /"type":"sequencer\.(promise|appended|collect)"/;

/** `transport` as it is, with `said` called for every message that must not precede the disk. */
export function overheard(transport: Transport, said: (message: SequencerMessage) => void): Transport {
  const tapped = (channel: Channel): Channel => ({
    send(frame, parcels) {
      if (REVEALING.test(frame)) read(frame, said);
      channel.send(frame, parcels);
    },
    close: () => channel.close(),
    remoteAddress: channel.remoteAddress,
  });
  return {
    listen: (address, handlers) =>
      transport.listen(address, { ...handlers, accepted: (channel) => handlers.accepted(tapped(channel)) }),
    dial: (address, handlers) => tapped(transport.dial(address, handlers)),
    defer: (task) => transport.defer(task),
    close: (done) => transport.close(done),
  };
}

/** `transport` as it is, with whoever keeps its post told of what is put off to the end of a turn, and when it is done. */
export const turning = (transport: Transport, id: PeerId, post: Post): Transport => ({
  listen: (address, handlers) => transport.listen(address, handlers),
  dial: (address, handlers) => transport.dial(address, handlers),
  defer: (task) => {
    post.puttingOff(id);
    transport.defer(() => {
      task();
      post.done(id);
    });
  },
  close: (done) => transport.close(done),
});

function read(frame: string, said: (message: SequencerMessage) => void): void {
  const { messages } = JSON.parse(frame) as { readonly messages: readonly SequencerMessage[] };
  for (const message of messages) said(message);
}

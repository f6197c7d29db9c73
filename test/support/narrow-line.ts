/** A host whose way out is narrow: what its processes send leaves one frame after the other, so many bytes a millisecond. */
import type { Channel, ChannelHandlers, Clock, Transport } from '../../transport/transport.js';

/** `transport`, with something else in place of each of its channels: which may end later than it is told to, unheard. */
export const withChannels = (transport: Transport, change: (channel: Channel) => Channel): Transport => ({
  listen: (address, handlers) =>
    transport.listen(address, {
      listening: (bound) => handlers.listening(bound),
      failed: (problem) => handlers.failed(problem),
      accepted: (channel) => {
        const ear = new Ear();
        return ear.before(handlers.accepted(ear.endedBy(change(channel))));
      },
    }),
  dial: (address, handlers) => {
    const ear = new Ear();
    const heard = { ...ear.before(handlers), opened: () => handlers.opened() };
    return ear.endedBy(change(transport.dial(address, heard)));
  },
  defer: (task) => transport.defer(task),
  close: (done) => transport.close(done),
});

/** Hears a channel until it is closed on this side. */
class Ear {
  #isDeaf = false;

  before({ received, closed }: Omit<ChannelHandlers, 'opened'>): Omit<ChannelHandlers, 'opened'> {
    return {
      received: (frame) => this.#isDeaf || received(frame),
      closed: (reason) => this.#isDeaf || closed(reason),
    };
  }

  endedBy(channel: Channel): Channel {
    return {
      remoteAddress: channel.remoteAddress,
      send: (frame, parcels) => channel.send(frame, parcels),
      close: () => {
        this.#isDeaf = true;
        channel.close();
      },
    };
  }
}

export class NarrowLine {
  readonly #clock: Clock;
  readonly #bytesPerMs: number;
  #freeAt = 0;
  #queuedBytes = 0;
  /** The most that ever waited to leave. */
  queuedBytesMax = 0;

  constructor(clock: Clock, bytesPerMs: number) {
    this.#clock = clock;
    this.#bytesPerMs = bytesPerMs;
  }

  /** `transport`, behind this line. */
  before(transport: Transport): Transport {
    return withChannels(transport, (channel) => this.#narrowed(channel));
  }

  #narrowed(channel: Channel): Channel {
    return {
      remoteAddress: channel.remoteAddress,
      send: (frame) => this.#put(Buffer.byteLength(frame), () => channel.send(frame)),
      close: () => this.#put(0, () => channel.close()),
    };
  }

  #put(bytes: number, leave: () => void): void {
    const now = this.#clock.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.#bytesPerMs;
    this.#queuedBytes += bytes;
    this.queuedBytesMax = Math.max(this.queuedBytesMax, this.#queuedBytes);
    this.#clock.setTimeout(() => {
      this.#queuedBytes -= bytes;
      leave();
    }, this.#freeAt - now);
  }
}

/** A host whose way out is narrow: what its processes send leaves one frame after the other, so many bytes a millisecond. */
import type { Channel, Clock, Transport } from '../../transport/transport.js';

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
    return {
      listen: (address, handlers) =>
        transport.listen(address, {
          listening: (bound) => handlers.listening(bound),
          failed: (problem) => handlers.failed(problem),
          accepted: (channel) => handlers.accepted(this.#narrowed(channel)),
        }),
      dial: (address, handlers) => this.#narrowed(transport.dial(address, handlers)),
      defer: (task) => transport.defer(task),
      close: (done) => transport.close(done),
    };
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

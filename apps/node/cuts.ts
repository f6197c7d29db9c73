/**
 * Ways to other peers that are cut, as a network would cut them: frames vanish, channels stay open, and nobody is told.
 *
 * A transport knows addresses and no peers. Who is at the other end of a channel is told by the first frame from there, the
 * greeting; before that a dialled one is known by its address, if the cut names it.
 */
import {
  type Address,
  type Channel,
  type ChannelHandlers,
  decodeGreeting,
  type ListenHandlers,
  type PeerId,
  type Transport,
} from '../../transport/index.js';

/** As this process sees it: `in` is what the others say to it. */
export type Direction = 'in' | 'out' | 'both';

/** A cut, and where those that it is about may be dialled. */
export interface Cut {
  readonly peers: readonly PeerId[];
  readonly addresses: readonly Address[];
  readonly direction: Direction;
}

/** Whom a channel leads to, as far as it is known. */
interface Far {
  /** Null before its greeting; what greets as a client is nobody that could be cut off. */
  peer: PeerId | null;
  isGreeted: boolean;
  /** Null where it has dialled us: that address is made up for the channel. */
  readonly address: Address | null;
}

export class Cuts {
  readonly #current = new Set<Cut>();

  /** Cuts from now on. @returns what mends it. */
  add(cut: Cut): () => void {
    this.#current.add(cut);
    return () => void this.#current.delete(cut);
  }

  /** A transport that loses what these cuts take; closing it closes `own`. */
  over(own: Transport): Transport {
    return {
      listen: (address, handlers) => own.listen(address, this.#listening(handlers)),
      dial: (address, handlers) => {
        const far: Far = { peer: null, isGreeted: false, address };
        return this.#leading(own.dial(address, this.#hearing(handlers, far)), far);
      },
      defer: (task) => own.defer(task),
      close: (done) => own.close(done),
    };
  }

  #listening(handlers: ListenHandlers): ListenHandlers {
    return {
      listening: (address) => handlers.listening(address),
      failed: (problem) => handlers.failed(problem),
      accepted: (channel) => {
        const far: Far = { peer: null, isGreeted: false, address: null };
        const { received, closed } = handlers.accepted(this.#leading(channel, far));
        return this.#hearing({ opened: () => {}, received, closed }, far);
      },
    };
  }

  #hearing(handlers: ChannelHandlers, far: Far): ChannelHandlers {
    return {
      opened: () => handlers.opened(),
      closed: (reason) => handlers.closed(reason),
      received: (frame) => {
        noteGreeting(far, frame);
        if (!this.#takes(far, 'in')) handlers.received(frame);
      },
    };
  }

  #leading(channel: Channel, far: Far): Channel {
    const { remoteAddress, isFromPage } = channel;
    return {
      remoteAddress,
      ...(isFromPage !== undefined && { isFromPage }),
      send: (frame, parcels) => {
        if (!this.#takes(far, 'out')) channel.send(frame, parcels);
      },
      close: () => channel.close(),
    };
  }

  #takes({ peer, isGreeted, address }: Far, way: 'in' | 'out'): boolean {
    for (const { peers, addresses, direction } of this.#current) {
      if (direction !== 'both' && direction !== way) continue;
      if (
        peer !== null ? peers.includes(peer) : !isGreeted && address !== null && addresses.includes(address)
      )
        return true;
    }
    return false;
  }
}

function noteGreeting(far: Far, frame: string): void {
  if (far.isGreeted) return;
  far.isGreeted = true;
  const read = decodeGreeting(frame);
  if (read.ok && read.greeting.type !== 'link.visit') far.peer = read.greeting.from;
}

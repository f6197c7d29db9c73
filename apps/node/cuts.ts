/**
 * Ways to other peers that are cut, as a network would cut them: frames vanish, channels stay open, and nobody is told.
 *
 * A transport knows addresses and no peers. Who is at the other end of a channel is told by the first frame from there, the
 * greeting; before that a dialled one is known by its address, if the cut names it. A channel that has lost a greeting carries
 * nothing that way any more, also when the cut is mended: what follows would be taken for one.
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
  /** What came of the first frame each way. */
  readonly began: { in?: 'passed' | 'lost'; out?: 'passed' | 'lost' };
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
        const far = farAt(address);
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
        const far = farAt(null);
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
        if (!this.#loses(far, 'in')) handlers.received(frame);
      },
    };
  }

  #leading(channel: Channel, far: Far): Channel {
    const { remoteAddress, isFromPage } = channel;
    return {
      remoteAddress,
      ...(isFromPage !== undefined && { isFromPage }),
      send: (frame, parcels) => {
        if (!this.#loses(far, 'out')) channel.send(frame, parcels);
      },
      close: () => channel.close(),
    };
  }

  #loses(far: Far, way: 'in' | 'out'): boolean {
    const isLost = this.#takes(far, way);
    far.began[way] ??= isLost ? 'lost' : 'passed';
    return isLost || far.began[way] === 'lost';
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

const farAt = (address: Address | null): Far => ({ peer: null, isGreeted: false, began: {}, address });

function noteGreeting(far: Far, frame: string): void {
  if (far.isGreeted) return;
  far.isGreeted = true;
  const read = decodeGreeting(frame);
  if (read.ok && read.greeting.type !== 'link.visit') far.peer = read.greeting.from;
}

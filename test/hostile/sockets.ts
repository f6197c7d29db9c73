/**
 * Target: the port on which a real peer hears its fellows, over real sockets: handshakes that are none, WebSocket frames
 * that no client would make, and strangers who know how to make them. Nothing replicated changes, and the port stays open.
 */
import { createPeer, type Peer } from '../../actors/index.js';
import { until } from '../support/until.js';
import type { Choices } from './choices.js';
import { UNPRINTABLE } from './frames.js';
import type { Target, Verdict, World } from './fuzzing.js';
import { flipped } from './mutations.js';
import { HOST, type Request, requestFrom, shownRequest } from './requests.js';
import { sayingsFrom } from './strangers.js';
import { exchange } from './web.js';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADE = [
  'GET / HTTP/1.1',
  `host: ${HOST}`,
  'connection: upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  `sec-websocket-key: ${KEY}`,
];

const STRANGE_HEADERS = [
  'origin: http://evil.example',
  'sec-websocket-version: 12',
  'sec-websocket-key: short',
  'sec-websocket-extensions: permessage-deflate; server_max_window_bits=99',
  'sec-websocket-protocol: a, a, ,',
  'upgrade: h2c',
  `a: ${'b'.repeat(20_000)}`,
  'content-length: 5',
  'transfer-encoding: chunked',
];

const TEXT = 1;
const OPCODES = [TEXT, 2, 0, 8, 9, 10, 3, 15];
const MASK = Buffer.from([1, 2, 3, 4]);

/** One frame of RFC 6455, or what is nearly one. */
function frameOf(text: string, choices: Choices): string {
  const isStrange = choices.onceIn(5);
  const payload = Buffer.from(text, 'utf8');
  const opcode = isStrange ? choices.of(OPCODES) : TEXT;
  const isFinal = !isStrange || choices.onceIn(2);
  const reserved = isStrange ? choices.of([0, 0x40, 0x10]) : 0;
  const isMasked = !isStrange || !choices.onceIn(4);
  const head = Buffer.from([(isFinal ? 0x80 : 0) | reserved | opcode]);
  const length = lengthOf(
    isStrange && choices.onceIn(4) ? choices.of(LENGTHS) : BigInt(payload.length),
    isMasked,
  );
  if (isMasked) for (const [at, byte] of payload.entries()) payload[at] = byte ^ (MASK[at % 4] ?? 0);
  return Buffer.concat([head, length, isMasked ? MASK : Buffer.alloc(0), payload]).toString('latin1');
}

const LENGTHS = [0n, 125n, 65_535n, 1_048_577n, 2n ** 31n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];

function lengthOf(length: bigint, isMasked: boolean): Buffer {
  const bit = isMasked ? 0x80 : 0;
  if (length < 126n) return Buffer.from([bit | Number(length)]);
  const bytes = Buffer.alloc(length < 65_536n ? 3 : 9);
  bytes[0] = bit | (bytes.length === 3 ? 126 : 127);
  if (bytes.length === 3) bytes.writeUInt16BE(Number(length), 1);
  else bytes.writeBigUInt64BE(length, 1);
  return bytes;
}

function connectionFrom(choices: Choices): Request {
  if (choices.onceIn(8)) return { ...requestFrom(choices), isWhole: false };
  const lines = choices.onceIn(8) ? [...UPGRADE, choices.of(STRANGE_HEADERS)] : [...UPGRADE];
  if (choices.onceIn(20)) lines.splice(choices.below(lines.length), 1);
  const frames = sayingsFrom(choices).frames.map((text) => frameOf(text, choices));
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${frames.join('')}`, 'latin1');
  if (choices.onceIn(8)) flipped(bytes, choices);
  return { bytes: bytes.toString('latin1'), isWhole: false };
}

export const sockets: Target<Request> = {
  name: 'socket',
  share: 4,
  inputsPerWorld: 500,
  isComputing: false,
  draw: connectionFrom,
  show: shownRequest,
  open: openPort,
};

/** After so long without a word it is the stranger who hangs up; ms. */
const QUIET_MS = 5;

async function openPort(): Promise<Port> {
  const peer = await createPeer({ id: '1', bootstrap: true, preset: 'fast' });
  await peer.ready();
  await peer.submit('general', 'before');
  await until('its first view', 10_000, () => {
    const { view, commit, last } = peer.status();
    return view.number > 0 && commit === last;
  });
  return new Port(peer);
}

class Port implements World<Request> {
  readonly #peer: Peer;
  readonly #before: string;
  readonly #warnings: string[] = [];

  constructor(peer: Peer) {
    this.#peer = peer;
    this.#before = this.#look();
    peer.on('warning', ({ detail }) => this.#warnings.push(detail));
  }

  async judge({ bytes }: Request): Promise<Verdict> {
    const { address } = this.#peer;
    const answer = await exchange(address, bytes.replaceAll(HOST, address), QUIET_MS);
    const outcome = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'hung up';
    const after = this.#look();
    const unprintable = this.#warnings.splice(0).find((warning) => UNPRINTABLE.test(warning));
    const complaint = unprintable === undefined ? null : `unprintable: ${JSON.stringify(unprintable)}`;
    return {
      outcome,
      complaint: after === this.#before ? complaint : `changed: ${this.#before} became ${after}`,
    };
  }

  async close(): Promise<string | null> {
    const answer = await exchange(this.#peer.address, `${UPGRADE.join('\r\n')}\r\n\r\n`, 200);
    const { sequence } = await this.#peer.submit('general', 'after');
    await this.#peer.stop();
    if (!answer.startsWith('HTTP/1.1 101')) return `not open: ${answer.slice(0, 200)}`;
    return sequence === 2 ? null : `changed: ${sequence} deliveries`;
  }

  #look(): string {
    const { promised, commit, last, sequence, coordinator, view, role } = this.#peer.status();
    return JSON.stringify({ promised, commit, last, sequence, coordinator, view, role });
  }
}

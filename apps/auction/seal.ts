/**
 * Seals: a bid is bound before it is told. Who knows the seal alone learns nothing of the amount, for the nonce is as
 * good as unguessable; who has sealed an amount can tell no other one, for that would take a collision of SHA-256.
 *
 * The seal names the bidder, the round and the auction, so nobody can take a seal of another's for their own.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

export interface Opening {
  /** 32 to 128 hex digits: 16 bytes of chance or more. */
  readonly nonce: string;
  /** `ID@CREATED`: see `referenceOf`. */
  readonly auction: string;
  readonly round: number;
  readonly name: string;
  readonly amount: number;
}

/** SHA-256 of `nonce ‖ auction ‖ round ‖ bidder ‖ amount`, one per line, in hex. None of them can hold a line's end. */
export const sealOf = ({ nonce, auction, round, name, amount }: Opening): string =>
  bytesToHex(sha256(utf8ToBytes([nonce, auction, round, name, amount].join('\n'))));

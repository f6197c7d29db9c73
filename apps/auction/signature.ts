/**
 * Signatures: who speaks in a name is whoever holds the key that the name came with (Ed25519, RFC 8032).
 *
 * Signed is the auction's reference too, so what is signed for one auction is worth nothing in another.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

/** Both halves, 32 bytes each, base64url (RFC 8037). */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** What is signed to take part, to begin the first round, to bind a bid. */
export type Statement =
  | { readonly act: 'join'; readonly auction: string; readonly name: string }
  | { readonly act: 'start'; readonly auction: string }
  | {
      readonly act: 'commit';
      readonly auction: string;
      readonly name: string;
      readonly round: number;
      readonly seal: string;
    };

/** One per line, none of which can hold a line's end: `join`, `AUCTION@CREATED`, `NAME` … */
export function textOf(statement: Statement): string {
  const { act, auction } = statement;
  switch (act) {
    case 'join':
      return [act, auction, statement.name].join('\n');
    case 'start':
      return [act, auction].join('\n');
    case 'commit':
      return [act, auction, statement.name, statement.round, statement.seal].join('\n');
    default:
      return act satisfies never;
  }
}

const JWK = { kty: 'OKP', crv: 'Ed25519' } as const;

/** A fresh pair, by the operating system's chance. */
export function createKeyPair(): KeyPair {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { publicKey: x, privateKey: d };
}

/** @returns 86 characters, base64url. */
export function signed(statement: Statement, { publicKey, privateKey }: KeyPair): string {
  const key = createPrivateKey({ key: { ...JWK, x: publicKey, d: privateKey }, format: 'jwk' });
  return sign(null, Buffer.from(textOf(statement)), key).toString('base64url');
}

/** Pure: the same answer on every member. A key that is none has signed nothing. */
export function isSignedBy(publicKey: string, statement: Statement, signature: string): boolean {
  try {
    const key = createPublicKey({ key: { ...JWK, x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(textOf(statement)), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
}

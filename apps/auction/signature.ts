/**
 * Signatures: who speaks in a name is whoever holds the key that the name came with (Ed25519, RFC 8032).
 *
 * Signed is the auction's reference too, so what is signed for one auction is worth nothing in another.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { type SignatureCheck, type Statement, textOf } from './statement.js';

/** Both halves, 32 bytes each, base64url (RFC 8037). */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
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
export const isSignedBy: SignatureCheck = (publicKey, statement, signature) => {
  try {
    const key = createPublicKey({ key: { ...JWK, x: publicKey }, format: 'jwk' });
    return verify(null, Buffer.from(textOf(statement)), key, Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};

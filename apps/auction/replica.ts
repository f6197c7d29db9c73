/** The auctions as servers replicate them and clients follow them: with signatures that are really checked (Ed25519). */
import { isSignedBy } from './signature.js';
import { appliedBy, auctionsBy } from './state.js';

export const auctions = auctionsBy(isSignedBy);

/** Pure; see `appliedBy`. */
export const applied = appliedBy(isSignedBy);

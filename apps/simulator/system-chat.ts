/** The chat under simulation: who types what, in which room. */
import { advance } from '../chat/state.js';
import type { SimulatedChat } from './hosted-chat.js';
import { between, pick, type Random } from './random.js';

/** Names as people choose them. */
const ROOMS = ['general', 'kitchen', 'salle-à-manger', 'b.2_x'];
/** Commands that change nothing, and what looks like one. */
const ODD = ['/who', '/history 5', '/join two words', '/nonsense', '//', ' '];

export const simulatedChat: SimulatedChat = { advance, typedBy };

function typedBy(random: Random): string {
  const drawn = random();
  if (drawn < 0.12) return `/join ${pick(random, ROOMS) ?? 'general'}`;
  if (drawn < 0.17) return pick(random, ODD) ?? '/who';
  return `line ${between(random, 1, 1_000_000)} <b>ü</b>`;
}

/** Every statechart that is shipped, the very objects that peers and clients run: what is laid out and browsed. */
import type { AnyStateMachine } from 'xstate';
import { clientMachine, peerMachine } from '../../../actors/anywhere.js';
import { PLAYABLE } from './playable.js';

/** The conversation first, plumbing last. */
export const SHIPPED: readonly AnyStateMachine[] = [...PLAYABLE, clientMachine, peerMachine];

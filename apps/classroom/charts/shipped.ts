/** Every statechart that is shipped, the very objects that peers run: what is drawn, browsed and simulated. */
import type { AnyStateMachine } from 'xstate';
import { clientMachine, peerMachine } from '../../../actors/anywhere.js';
import {
  attachmentMachine,
  causalMachine,
  connectionMachine,
  deskMachine,
  discoveryMachine,
  electionMachine,
  failureDetectorMachine,
  journalMachine,
  meetingMachine,
  membershipMachine,
  readsMachine,
  sequencerMachine,
  sessionsMachine,
  timersMachine,
} from '../../../machines/index.js';

/** The conversation first, plumbing last. */
export const SHIPPED: readonly AnyStateMachine[] = [
  electionMachine,
  sequencerMachine,
  membershipMachine,
  failureDetectorMachine,
  meetingMachine,
  sessionsMachine,
  readsMachine,
  timersMachine,
  causalMachine,
  journalMachine,
  connectionMachine,
  discoveryMachine,
  deskMachine,
  attachmentMachine,
  clientMachine,
  peerMachine,
];

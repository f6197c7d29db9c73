/** The statecharts that can be played without a peer around them: all of `machines/`, the very objects that peers run. */
import type { AnyStateMachine } from 'xstate';
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
export const PLAYABLE: readonly AnyStateMachine[] = [
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
];

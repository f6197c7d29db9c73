/** The sequencer's chart, sentence by sentence of the protocol (§6–§8). The tests are told by role; here it is made sure of all. */
import { sequencerMachine } from '../../machines/sequencer.js';
import { expectFullCoverage } from '../support/coverage.js';
import './sequencer/replica.js';
import './sequencer/candidate.js';
import './sequencer/coordinator.js';
import './sequencer/handover.js';
import './sequencer/snapshots.js';
import './sequencer/damage.js';
import './sequencer/checks.js';
import './sequencer/classic.js';
import './sequencer/founding.js';
import './sequencer/relayed.js';

describe('the sequencer', () => {
  it('takes every way through its chart', () => {
    expectFullCoverage(sequencerMachine);
  });
});

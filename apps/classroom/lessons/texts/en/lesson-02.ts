/** Lesson 2 in English. */
import type { Texts } from '../../lesson.js';

export const lesson02: Texts = {
  '02.title': 'The classic election',
  '02.line': 'The leader of seven dies, and P4 is the first to notice.',
  '02.variant.classic': 'Classic: P4 notices first',
  '02.variant.safe': 'Safe: the same hurry',
  '02.variant.second-crash': 'Classic: P6 dies too',
  '02.setup':
    'Seven processes; P7 leads. At 500 ms its power fails, and there is nothing but silence. So that there is an order in what follows, P4 is made to notice first, at 600 ms; it asks three others and waits for their word until 650 ms. Every message needs 20 ms.',
  '02.ok': 'P4 sends ELECTION to those above it that it does not suspect: P5 and P6. What does P5 do?',
  '02.ok.votes': 'It votes for P4: OK.',
  '02.ok.takes-over': 'It answers OK and starts an election of its own.',
  '02.ok.forwards': 'It passes the message on to P6.',
  '02.ok.silent': 'Nothing: it has not noticed that P7 is dead.',
  '02.ok.because':
    'OK does not mean “I am for you”. It means “I am alive and outrank you: leave it to me”. And then it has to see to it: P5 asks everybody above it, and so does P6.',
  '02.watch':
    'ELECTION goes up, OK and COORDINATOR come down. P6 asks P7, which it does not suspect yet, and waits 60 ms for an OK that cannot come. Then it leads and tells all. Three processes have held an election, and the lower ones only heard how it ended.',
  '02.do':
    'Step through the run. Find the moment after which the outcome can no longer change, as long as nobody else dies, and put the playhead on it.',
  '02.goal.decided': 'The playhead stands where P6 has waited long enough.',
  '02.hint.silence': 'No message decides it. What decides is one that has not come.',
  '02.hint.six': 'Look for the time-out of P6 that ends its state “challenging”.',
  '02.explain':
    'Nobody counted votes. P6 leads because nobody above it answered in time. That is the whole of Bully: ask upward, and silence makes you the leader. The price is messages; the danger is that silence may have other reasons.',
  '02.safe':
    'The same in safe mode. P4 suspects P7 at 650 ms, but the others still hear a leader that works, as far as they know, so P4 does not disturb them: it waits. The election begins when all have noticed, and P6 asks a quorum for promises before it leads. Slower by one round trip, and that is what makes it safe.',
  '02.second':
    'Back to the classic run. P6 has answered OK to P4 and P5, who now wait for it. It dies right then. Who leads in the end?',
  '02.second.nobody': 'Nobody: all wait for P6.',
  '02.second.fifth': 'P5.',
  '02.second.fourth': 'P4, which was first.',
  '02.second.because':
    'An OK is waited for, but not for ever. P4 and P5 begin anew when no COORDINATOR has come, and now P5 is the highest.',
  '02.second.do': 'Crash P6 yourself, after it has said OK and before it leads. Then let the run go on.',
  '02.goal.second-winner': 'P6 said OK, never led, and P5 leads.',
  '02.hint.between': 'The OKs are sent at about 673 and 693 ms; P6 leads at about 733 ms.',
  '02.hint.crash': 'Stop at 700 ms and double-click P6.',
  '02.vote': 'What has a process learnt when it gets an OK?',
  '02.vote.agreed': 'The sender agrees that it should lead.',
  '02.vote.leave': 'Somebody higher is alive and will see to it.',
  '02.vote.elected': 'The sender has won.',
  '02.vote.because':
    'That is why one OK is enough to stop, and why one must not wait for its consequence for ever.',
  '02.code.following': 'ELECTION from below: answer, and run oneself, if fit.',
  '02.code.challenging': 'Nobody higher has answered in time.',
};

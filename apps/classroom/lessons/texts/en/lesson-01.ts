/** Lesson 1 in English. */
import type { Texts } from '../../lesson.js';

export const lesson01: Texts = {
  '01.title': 'Meet the cluster',
  '01.line': 'Five processes, one leader, and a great many heartbeats.',
  '01.variant.calm': 'Nothing happens',
  '01.variant.one-lost': 'One heartbeat lost',
  '01.variant.deaf-ear': 'P2 hears nothing of P5',
  '01.setup':
    'Five processes, P1 to P5, work together. One of them leads: the highest, P5. There is no other machine that watches over them, so each has to find out by itself whether the leader is still there.',
  '01.how': 'How do the others know that P5 is alive?',
  '01.how.asks': 'They ask it from time to time, and it answers.',
  '01.how.told': 'It tells them again and again, without being asked.',
  '01.how.unknown': 'They do not know. They will see when they need it.',
  '01.how.because':
    'Every process tells every other that it is alive, ten times a second. That is a heartbeat. Questions come only when one of them is missed.',
  '01.watch':
    'Each small circle is a heartbeat. Look at the chart of P2: its detector for P5 counts intervals of silence, and whatever comes from P5 sets the count back to nothing. Four intervals without a word would be too many.',
  '01.do':
    'Take one heartbeat away: stop the run, click a heartbeat on its way from P5 to P2, and drop it. Then let the run go on for half a second.',
  '01.goal.one-lost': 'One heartbeat to P2 is lost, and nobody holds an election.',
  '01.hint.click': 'Messages can be clicked while the run stands still. Choose “Drop”.',
  '01.hint.go-on':
    'Only one, and it has to be a heartbeat on its way to P2. Then go on: nothing should happen.',
  '01.silence': 'Now suppose P2 hears nothing at all from P5 for most of a second. What does P2 do?',
  '01.silence.elects': 'It calls an election: its leader is gone.',
  '01.silence.asks': 'It asks some of the others whether they hear P5.',
  '01.silence.waits': 'It waits for as long as it takes.',
  '01.silence.because':
    'After four silent intervals P2 asks up to three others. They still hear P5, so it is the way from P5 to P2 that is bad, and nobody is accused. P2 calls P5 unreachable and goes on through a process that hears the leader.',
  '01.silence.do': 'Make it so: let everything from P5 to P2 be lost, from one moment on, for 800 ms.',
  '01.goal.asked': 'P2 asks others about P5, and still nobody holds an election.',
  '01.hint.rule': 'One message is not enough. Choose “Always drop like this”, or cut the way from P5 to P2.',
  '01.hint.everything': 'Heartbeats are not all that P5 sends: anything that arrives is a sign of life.',
  '01.explain':
    'Nobody can see a death. All that a process ever has is an absence: something that should have come did not. One missing message says nothing, for messages get lost. Many missing ones say something, and it may still be wrong. All that follows in these lessons comes from this.',
  '01.evidence': 'What tells a process for certain that another has died?',
  '01.evidence.message': 'A last message of the one that dies.',
  '01.evidence.absence': 'Nothing does. Silence only makes it likely.',
  '01.evidence.clock': 'A clock that is exact enough.',
  '01.evidence.because':
    'The dead send nothing, and a slow or cut-off process sends nothing either. From outside they look alike. So suspicion must be something one can take back.',
  '01.code.trusted': 'Here the silent intervals are counted, and one that is too many leads to a question.',
  '01.code.verifying': 'Here the others have answered: heard elsewhere, so not suspected.',
};

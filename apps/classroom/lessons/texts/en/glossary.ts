/** The words of the lessons. `glossary.WORD` is the word, `glossary.WORD.means` its meaning, in one or two sentences. */
import type { Texts } from '../../lesson.js';

export const glossary: Texts = {
  'glossary.process': 'process',
  'glossary.process.means':
    'A running program with an id of its own. The code calls it a peer. P4 is the process whose id is 4.',
  'glossary.leader': 'leader',
  'glossary.leader.means':
    'The process that gives orders to the others until it dies or is replaced. The code calls it the coordinator.',
  'glossary.follower': 'follower',
  'glossary.follower.means': 'A process that knows a leader and does what it says.',
  'glossary.rank': 'rank',
  'glossary.rank.means':
    'Who outranks whom. Here it is the id: P5 outranks P4. Bully wants the highest that lives.',
  'glossary.heartbeat': 'heartbeat',
  'glossary.heartbeat.means':
    'A small message sent again and again: I am alive. Its absence is all that ever tells of a death.',
  'glossary.suspicion': 'suspicion',
  'glossary.suspicion.means':
    'A belief that a process has died, after a silence. It may be wrong, and is taken back when the process is heard again.',
  'glossary.probe': 'probe',
  'glossary.probe.means':
    'A question before a suspicion: do you hear P5? Others are asked first, so that one bad link accuses nobody. On the wire: PING_REQ, PING_RES.',
  'glossary.election': 'election',
  'glossary.election.means': 'What a process begins when its leader is gone: it asks all that outrank it.',
  'glossary.ELECTION': 'ELECTION',
  'glossary.ELECTION.means':
    'The message that asks: I want to lead, unless you are there. It goes upward only.',
  'glossary.OK': 'OK',
  'glossary.OK.means': 'The answer from above: I am alive and outrank you, leave it to me. It is no vote.',
  'glossary.COORDINATOR': 'COORDINATOR',
  'glossary.COORDINATOR.means': 'The announcement of a winner, sent to all: I lead now.',
  'glossary.term': 'term',
  'glossary.term.means':
    'The reign of one leader. Terms are numbered, and each has one owner; whoever has heard of a newer one ignores an older one.',
  'glossary.quorum': 'quorum',
  'glossary.quorum.means':
    'More than half of the voters: 3 of 5. Two quorums always have a process in common.',
  'glossary.promise': 'promise',
  'glossary.promise.means':
    'What a voter gives a candidate in safe mode: I shall obey no older term than yours. A quorum of promises makes a leader.',
  'glossary.classic': 'classic mode',
  'glossary.classic.means':
    "The textbook's Bully and nothing more: nobody asks a quorum, and whoever has won leads. For learning only.",
  'glossary.safe': 'safe mode',
  'glossary.safe.means':
    'What the cluster really uses: a winner leads once a quorum has promised, and a message counts once a quorum has stored it.',
  'glossary.partition': 'partition',
  'glossary.partition.means': 'The network is cut in parts that do not hear each other. Every process lives.',
  'glossary.fencing': 'fencing',
  'glossary.fencing.means': 'Orders of an old leader are refused, because they carry an old term.',
  'glossary.sequencer': 'sequencer',
  'glossary.sequencer.means':
    'The leader in its other role: it gives every message its place in the one order.',
  'glossary.log': 'log',
  'glossary.log.means': 'The list of all messages in order, kept by every process.',
  'glossary.delivery': 'delivery',
  'glossary.delivery.means': 'A message is handed to the program, in its turn, once.',
  'glossary.causal': 'causal order',
  'glossary.causal.means':
    'An answer is never shown before its question. What has nothing to do with each other may come in any order.',
  'glossary.fifo': 'FIFO order',
  'glossary.fifo.means': 'Messages of one sender arrive as they were sent. Of two senders it says nothing.',
  'glossary.total': 'total order',
  'glossary.total.means': 'All processes show all messages in the very same order.',
  'glossary.vector-clock': 'vector clock',
  'glossary.vector-clock.means':
    'A counter for each process, sent along with every message: so much I had seen of everybody when I said this.',
  'glossary.concurrent': 'concurrent',
  'glossary.concurrent.means': 'Neither of two events could have led to the other.',
  'glossary.catch-up': 'catch-up',
  'glossary.catch-up.means':
    'A process that was away learns what it has missed, before anything is asked of it.',
  'glossary.handover': 'handover',
  'glossary.handover.means':
    'A leader gives its office to a higher process that is back and has caught up. Nothing is lost and nobody is without a leader for long.',
  'glossary.god-view': "a god's eye",
  'glossary.god-view.means':
    'All states at one moment. No process ever sees that; each knows what it has been told.',
};

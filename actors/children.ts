/**
 * Every machine with its effects provided: what a machine asks for becomes a command to a door (link, journal) or a fact
 * to the peer. Machines never meet each other here.
 */
import {
  type ActorSystem,
  type ActorSystemInfo,
  type AnyActorRef,
  type AnyEventObject,
  type EventObject,
  enqueueActions,
  type MachineContext,
  sendParent,
  sendTo,
} from 'xstate';
import { causalMachine } from '../machines/causal.js';
import { connectionMachine } from '../machines/connection.js';
import { deskMachine } from '../machines/desk.js';
import { discoveryMachine } from '../machines/discovery.js';
import { electionMachine } from '../machines/election.js';
import { failureDetectorMachine } from '../machines/failure-detector.js';
import { meetingMachine } from '../machines/meeting.js';
import { membershipMachine } from '../machines/membership.js';
import { readsMachine } from '../machines/reads.js';
import { sequencerMachine } from '../machines/sequencer.js';
import { sessionsMachine } from '../machines/sessions.js';
import { timersMachine } from '../machines/timers.js';
import type { Message, PeerId } from '../transport/protocol.js';

/** The doors, by their names in the actor system. */
export const DOORS = { link: 'link', journal: 'journal', network: 'network' } as const;

const door =
  (name: keyof typeof DOORS) =>
  ({ system }: { system: ActorSystem<ActorSystemInfo> }): AnyActorRef =>
    system.get(DOORS[name]) as AnyActorRef;

/** A command to a door: the effect's parameters under the command's type. */
const command = <C extends MachineContext, E extends EventObject, Params extends object>(
  name: keyof typeof DOORS,
  type: string,
) => sendTo<C, E, Params, AnyActorRef, E>(door(name), (_: unknown, params: Params) => ({ type, ...params }));

interface Letter {
  readonly to: readonly PeerId[];
  readonly message: Message;
}

/** Several messages at once, each an arrow of its own. */
const sendEach = enqueueActions(({ enqueue, system }, { letters }: { letters: readonly Letter[] }) => {
  for (const letter of letters) enqueue.sendTo(door('link')({ system }), { type: 'send', ...letter });
}) as never;

/** A fact to the peer: the effect's parameters under the fact's type. */
const fact = <C extends MachineContext, E extends EventObject, Params extends object>(type: string) =>
  sendParent<C, E, Params, AnyEventObject, E>((_: unknown, params: Params) => ({ type, ...params }));

export const children = {
  connection: connectionMachine.provide({
    actions: {
      dial: command('link', 'dial'),
      greet: command('link', 'greet'),
      bind: command('link', 'bind'),
      hangUp: command('link', 'hangUp'),
      opened: fact('connection.opened'),
      visited: fact('connection.visited'),
      lost: fact('connection.lost'),
      refused: fact('connection.refused'),
    },
  }),
  discovery: discoveryMachine.provide({
    actions: {
      ask: command('network', 'discovery.ask'),
      located: fact('address.located'),
    },
  }),
  desk: deskMachine.provide({
    actions: {
      send: command('link', 'send'),
      opening: fact('client.opening'),
      submitted: fact('client.submitted'),
      waiting: fact('client.waiting'),
      reading: fact('client.reading'),
      dismissed: fact('client.dismissed'),
    },
  }),
  failureDetector: failureDetectorMachine.provide({
    actions: {
      send: command('link', 'send'),
      sendEach,
      doubted: fact('member.doubted'),
      suspected: fact('member.suspected'),
      unreached: fact('member.unreached'),
      trusted: fact('member.trusted'),
      missed: fact('member.missed'),
      absent: fact('member.absent'),
    },
  }),
  membership: membershipMachine.provide({
    actions: {
      send: command('link', 'send'),
      sendEach,
      propose: fact('entry.proposed'),
      leaving: fact('member.leaving'),
      left: fact('member.left'),
      refused: fact('member.refused'),
    },
  }),
  meeting: meetingMachine.provide({
    actions: {
      send: command('link', 'send'),
      record: fact('meeting.agreed'),
      erase: fact('meeting.ended'),
      found: fact('meeting.founded'),
    },
  }),
  election: electionMachine.provide({
    actions: {
      send: command('link', 'send'),
      won: fact('candidacy.won'),
      followed: fact('coordinator.announced'),
      relayed: fact('coordinator.relayed'),
      lost: fact('coordinator.lost'),
      yielding: fact('office.yielded'),
    },
  }),
  sequencer: sequencerMachine.provide({
    actions: {
      send: command('link', 'send'),
      sendEach,
      write: command('journal', 'journal.write'),
      followed: fact('coordinator.followed'),
      promised: fact('term.promised'),
      abandoned: fact('term.abandoned'),
      established: fact('term.established'),
      serving: fact('coordination.started'),
      ended: fact('term.ended'),
      recorded: fact('meeting.recorded'),
      rewritten: fact('log.rewritten'),
      committed: fact('log.committed'),
      compacted: fact('log.compacted'),
      recovered: fact('log.recovered'),
      dropped: fact('log.dropped'),
      divergent: fact('member.diverged'),
      reconfigured: fact('configuration.changed'),
      measured: fact('followers.measured'),
      handoverOffered: fact('handover.offered'),
      handoverFailed: fact('handover.failed'),
    },
  }),
  causal: causalMachine.provide({ actions: { sendEach, delivered: fact('broadcasts.delivered') } }),
  timers: timersMachine.provide({ actions: { look: fact('deadlines.wanted') } }),
  reads: readsMachine.provide({ actions: { sendEach, granted: fact('reading.granted') } }),
  sessions: sessionsMachine.provide({ actions: { sendEach } }),
};

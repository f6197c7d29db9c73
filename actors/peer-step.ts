/** How the peer's steps are made, and how they find the peer's children. */
import {
  type AnyActorRef,
  type AnyEventObject,
  assign,
  enqueueActions,
  type ProvidedActor,
  type Spawner,
} from 'xstate';
import type { PeerId } from '../transport/protocol.js';
import type { PeerCommand, PeerEvent } from './peer-events.js';
import type { ElectionSnapshot, PeerContext, SequencerSnapshot } from './peer-rules.js';

export type Event = PeerEvent | PeerCommand;
type Context = PeerContext;

/** A step that changes the context, and may spawn. */
export const update = (
  body: (args: {
    context: Context;
    event: Event;
    self: AnyActorRef;
    spawn: Spawner<ProvidedActor>;
  }) => Partial<Context>,
) => assign<Context, Event, undefined, Event, never>(body as never);

/** A step of several actions. Names of actors are words here: they are spawned as the cluster changes. */
export const steps = (
  body: (args: {
    context: Context;
    event: Event;
    self: AnyActorRef;
    enqueue: {
      (step: { readonly type: 'watch' | 'tellDesks' }): void;
      assign(patch: Partial<Context> | ((args: { spawn: Spawner<ProvidedActor> }) => Partial<Context>)): void;
      sendTo(actor: string, event: AnyEventObject): void;
      stopChild(actor: string): void;
      raise(event: Event): void;
    };
  }) => void,
) => enqueueActions(body as never) as never;

export const childOf = (self: AnyActorRef, id: string): AnyActorRef | undefined =>
  self.getSnapshot().children[id];

export const electionOf = (self: AnyActorRef): ElectionSnapshot | undefined =>
  childOf(self, 'election')?.getSnapshot();
export const sequencerOf = (self: AnyActorRef): SequencerSnapshot | undefined =>
  childOf(self, 'sequencer')?.getSnapshot();

/** Who takes what is for the coordinator: itself, or whoever hears it in our place. */
export const wayOf = (self: AnyActorRef): PeerId | null => {
  const election = electionOf(self)?.context;
  return election?.through ?? election?.coordinator ?? null;
};

/** Passes an event on to the child that it concerns, if there is one. */
export const forward = (key: (event: Event) => string | undefined, as: (event: Event) => { type: string }) =>
  steps(({ event, enqueue, self }) => {
    const id = key(event);
    if (id !== undefined && childOf(self, id) !== undefined) enqueue.sendTo(id, as(event));
  });

/**
 * What this peer's actors do, in the words of the Stately inspector: the frames of `@statelyai/inspect`.
 *
 * Every id carries the peer's, since one viewer may watch several peers. A viewer that comes late is first told of every
 * actor there is, with its present state.
 */
import * as z from 'zod';
import type { InspectedEvent, InspectedSnapshot } from '../../actors/index.js';

/** The version of `@statelyai/inspect` whose frames these are. */
const FRAME_VERSION = '0.7.2';
const CONTEXT_CHARACTERS_MAX = 16_384;

/** What is checked of a frame that another process sends: enough to keep it and pass it on. */
export const Frame = z.looseObject({
  type: z.enum(['@xstate.actor', '@xstate.event', '@xstate.snapshot']),
  sessionId: z.string().min(1).max(256),
});
export type Frame = z.infer<typeof Frame>;

const framed = (type: Frame['type'], peer: string, actor: string, body: object): Frame => ({
  type,
  _version: FRAME_VERSION,
  createdAt: String(Date.now()),
  id: null,
  sessionId: `${peer}/${actor}`,
  ...body,
});

/** Turns what a peer tells into frames. The first actor told of without a parent is the root. */
export function createFraming(peer: string): (told: InspectedEvent) => Frame {
  let root = 'peer';
  return (told) => {
    const rootId = () => `${peer}/${root}`;
    switch (told.type) {
      case 'actor':
        if (told.parent === null) root = told.actor;
        return framed('@xstate.actor', peer, told.actor, {
          rootId: rootId(),
          ...(told.parent === null ? {} : { parentId: `${peer}/${told.parent}` }),
          name: told.actor,
          definition: JSON.stringify(told.definition ?? {}),
          snapshot: framedSnapshot(told.snapshot),
        });
      case 'event':
        return framed('@xstate.event', peer, told.actor, {
          rootId: rootId(),
          ...(told.source === null ? {} : { sourceId: `${peer}/${told.source}` }),
          event: told.event,
        });
      case 'snapshot':
        return framed('@xstate.snapshot', peer, told.actor, {
          rootId: rootId(),
          event: told.event,
          snapshot: framedSnapshot(told.snapshot),
        });
      default:
        return told satisfies never;
    }
  };
}

const framedSnapshot = ({ status, value, context, tags }: InspectedSnapshot) => ({
  status,
  value,
  context: trimmed(context),
  children: {},
  historyValue: {},
  tags,
});

/** A context as it may be sent; one that is too long is only told of. */
export function trimmed(context: object): object {
  const length = JSON.stringify(context)?.length ?? 0;
  return length <= CONTEXT_CHARACTERS_MAX ? context : { trimmed: `${length} characters` };
}

/** Every actor's registration, with its newest snapshot in it. */
export interface Gallery {
  keep(frame: Frame): void;
  /** Registrations, parents first, as a late viewer needs them. */
  registrations(): readonly Frame[];
  /** Forgets the actors of one source. */
  forget(sessionIds: Iterable<string>): void;
}

/** @param actorsMax - beyond it, actors not yet known are shown live but not kept for late viewers. */
export function createGallery(actorsMax: number): Gallery {
  const actors = new Map<string, Frame>();
  return {
    keep: (frame) => {
      const known = actors.get(frame.sessionId);
      if (frame.type === '@xstate.actor') {
        if (known !== undefined || actors.size < actorsMax) actors.set(frame.sessionId, frame);
      } else if (frame.type === '@xstate.snapshot' && known !== undefined) {
        if (isOver(frame)) actors.delete(frame.sessionId);
        else actors.set(frame.sessionId, { ...known, snapshot: frame.snapshot });
      }
    },
    registrations: () => [...actors.values()],
    forget: (sessionIds) => {
      for (const id of sessionIds) actors.delete(id);
    },
  };
}

function isOver({ snapshot }: Frame): boolean {
  const status =
    typeof snapshot === 'object' && snapshot !== null ? Reflect.get(snapshot, 'status') : undefined;
  return status === 'done' || status === 'stopped' || status === 'error';
}

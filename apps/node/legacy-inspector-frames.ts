/**
 * What this peer's actors do, in the words of `@xstate/inspect` 0.8, whose viewers know XState 4: definitions, states and
 * events are told as that version has them, each as JSON within the JSON.
 */
import type { InspectedEvent, InspectedSnapshot } from '../../actors/index.js';
import { trimmed } from './inspector-frames.js';
import { legacyDefinition } from './legacy-inspector-definition.js';

export type LegacyFrame =
  | {
      readonly type: 'service.register';
      readonly machine: string;
      readonly state: string;
      readonly id: string;
      readonly sessionId: string;
      readonly parent?: string;
    }
  | { readonly type: 'service.event'; readonly event: string; readonly sessionId: string }
  | { readonly type: 'service.state'; readonly state: string; readonly sessionId: string }
  | { readonly type: 'service.stop'; readonly sessionId: string };

/** Turns what a peer tells into frames: ids carry the peer's, since one viewer may watch several. */
export function createLegacyFraming(peer: string): (told: InspectedEvent) => readonly LegacyFrame[] {
  const known = new Set<string>();
  const idOf = (actor: string) => `${peer}/${actor}`;
  return (told) => {
    const sessionId = idOf(told.actor);
    switch (told.type) {
      case 'actor': {
        known.add(told.actor);
        const parent = told.parent === null ? {} : { parent: idOf(told.parent) };
        const machine = JSON.stringify(legacyDefinition(told.definition, told.actor));
        const state = stateOf(told.snapshot, { type: 'xstate.init' });
        return [{ type: 'service.register', machine, state, id: told.actor, sessionId, ...parent }];
      }
      case 'event': {
        // An actor that was never registered would be an error to the viewer.
        if (!known.has(told.actor)) return [];
        const event = JSON.stringify(scxml(told.event, told.source === null ? undefined : idOf(told.source)));
        return [{ type: 'service.event', event, sessionId }];
      }
      case 'snapshot': {
        if (!known.has(told.actor)) return [];
        const state: LegacyFrame = {
          type: 'service.state',
          state: stateOf(told.snapshot, told.event),
          sessionId,
        };
        if (told.snapshot.status === 'active') return [state];
        known.delete(told.actor);
        return [state, { type: 'service.stop', sessionId }];
      }
      default:
        return told satisfies never;
    }
  };
}

/** An event as XState 4 carries it about. */
const scxml = (event: { readonly type: string }, origin?: string) => ({
  name: event.type,
  data: event,
  $$type: 'scxml',
  type: 'external',
  ...(origin === undefined ? {} : { origin }),
});

/** A state as XState 4 writes it. An actor without states has the empty one. */
function stateOf(
  { status, value, context, tags }: InspectedSnapshot,
  event: { readonly type: string },
): string {
  return JSON.stringify({
    value: value ?? {},
    context: trimmed(context),
    event,
    _event: scxml(event),
    _sessionid: null,
    historyValue: {},
    actions: [],
    activities: {},
    meta: {},
    events: [],
    configuration: [],
    transitions: [],
    children: {},
    done: status === 'done',
    changed: true,
    tags,
  });
}

/** A moment of a run as a link, and back: what is played, where the playhead stands, how it is looked at. */
import type { Script } from '../contract.js';
import type { Stage } from '../stage.js';
import { LINK_CHARACTERS_MAX, pack, unpack } from './link.js';
import { hashOf, type Screen } from './routes.js';

export type Moment =
  | {
      readonly ok: true;
      readonly script: Script;
      readonly at: number;
      readonly event: number | undefined;
      readonly variant: string | undefined;
      /** Selection and view, as they were. */
      readonly show: (stage: Stage) => void;
    }
  | { readonly ok: false; readonly why: string };

/**
 * The whole address of this moment.
 *
 * @throws Error in words for people when it is too long to be passed on.
 */
export async function linkTo(
  screen: Screen,
  part: string,
  script: Script,
  stage: Stage,
  variant?: string,
): Promise<string> {
  const packed = await pack({
    script,
    at: Math.round(stage.now() * 1000) / 1000,
    event: stage.index(),
    peer: stage.selectedPeer() ?? undefined,
    view: stage.view() === 'node' ? 'node' : undefined,
    layout: stage.layout() === 'ladder' ? 'ladder' : undefined,
    variant,
  });
  const link = new URL(hashOf(screen, part, { s: packed }), location.href).href;
  const own = link.slice(link.indexOf('#'));
  if (own.length > LINK_CHARACTERS_MAX)
    throw new Error(
      `This run has so many acts that its link would be ${own.length} characters long; export the scenario as JSON instead.`,
    );
  return link;
}

/** Reads `?s=`: a script is taken only as the engine reads it. */
export async function openLink(text: string): Promise<Moment> {
  const opened = await unpack(text);
  if (!opened.ok) return opened;
  const { script, at, event, peer, view, layout, variant } = opened.shared;
  const read = await scriptOf(script);
  if (typeof read === 'string')
    return { ok: false, why: `This link holds a scenario that cannot be played: ${read}` };
  return {
    ok: true,
    script: read,
    at,
    event,
    variant,
    show: (stage) => {
      if (peer !== undefined && read.scenario.peers.includes(peer)) stage.selectPeer(peer);
      stage.setView(view ?? 'god');
      stage.setLayout(layout ?? 'ring');
    },
  };
}

/** The script as the engine reads it, or why it does not. */
async function scriptOf(value: unknown): Promise<Script | string> {
  // First: the page's policy forbids what the reader would else try.
  await import('../engine/without-eval.js');
  const { readScript } = await import('../engine/script.js');
  try {
    return readScript(JSON.stringify(value));
  } catch (problem) {
    return problem instanceof Error ? problem.message.replace(/^not a script: /, '') : String(problem);
  }
}

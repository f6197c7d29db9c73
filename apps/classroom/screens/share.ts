/** Sharing: a link to the moment in view, into the clipboard. */
import type { Shell } from './shell.js';

/** Asks the screen for its link, shows it in the address bar too, and copies it. */
export async function share(shell: Shell): Promise<void> {
  const make = shell.linkMaker();
  if (make === undefined) return;
  try {
    const link = await make();
    // Not as a way to go: it leads to where one is, and going there would begin the run anew.
    history.replaceState(null, '', new URL(link).hash);
    const isCopied = await copy(link);
    shell.say(
      isCopied
        ? `Link copied: ${link.length} characters, and nothing of it goes to a server.`
        : 'The link is in the address bar; this browser does not let the page copy it.',
    );
  } catch (problem) {
    shell.say(problem instanceof Error ? problem.message : String(problem));
  }
}

/** Answers whether the clipboard took it. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

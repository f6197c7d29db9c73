/** The live page of a peer, in the user's browser where there is one. */
import { spawn } from 'node:child_process';

/**
 * Opens `url`, where this machine has a way to; whoever sits at a bare terminal has the address to copy.
 *
 * @param url - of a watched peer: checked when the program began, and no word of a stranger's.
 * @returns what to say.
 */
export function openPage(url: string): string {
  const opener = openerOf(process.platform);
  if (opener === null) return `its live page: ${url}`;
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  // Without such a program there is still the address.
  child.on('error', () => {});
  child.unref();
  return `opening its live page: ${url}`;
}

function openerOf(platform: NodeJS.Platform): string | null {
  if (platform === 'darwin') return 'open';
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return platform === 'linux' && (DISPLAY ?? WAYLAND_DISPLAY) ? 'xdg-open' : null;
}

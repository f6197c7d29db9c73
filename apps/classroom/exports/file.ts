/** Files that the page hands to whoever looks at it. */

/** Offers `content` as a download called `name`. */
export function download(name: string, content: string | Blob, type = 'text/plain'): void {
  const blob = typeof content === 'string' ? new Blob([content], { type }) : content;
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it by then; a link that is revoked at once may not be.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name that every file system takes: `drop OK 5→4` becomes `drop-OK-5-4`. */
export const fileNameOf = (words: string): string =>
  words
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'bullpen';

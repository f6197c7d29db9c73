/**
 * How wide text is, without a screen: layouts are made at build time, where no font can be asked.
 *
 * Widths are those of DejaVu Sans, the widest of the faces `system-ui` stands for; with any other there is a little room left.
 */

/** Sizes of type in a chart, in pixels: what layouts are made for and what is drawn. */
export const SIZES = { title: 13, small: 11.5, lineHeight: 15, titleHeight: 21 } as const;

/** Thousandths of the font size, by character; what is not listed is as wide as an average letter. */
const WIDTHS: ReadonlyMap<string, number> = new Map(
  (
    [
      ["'ijl|", 280],
      ['.,:; /I\\', 330],
      ['ft()[]-', 390],
      ['r*"', 450],
      ['csxvyzk_', 560],
      ['aeJ?L', 610],
      ['0123456789bdghnopqu', 635],
      ['ABCEFKPRSTVXYZ+<=>', 690],
      ['DGHNOQU', 780],
      ['mMw%&', 900],
      ['W@…—●', 1000],
    ] as const
  ).flatMap(([letters, width]) => [...letters].map((letter) => [letter, width] as const)),
);
const OTHER = 640;
const BOLD = 1.09;

/** Width in pixels of one line at `size` pixels. */
export function widthOf(text: string, size: number, isBold = false): number {
  let thousandths = 0;
  for (const letter of text) thousandths += WIDTHS.get(letter) ?? OTHER;
  return (thousandths / 1000) * size * (isBold ? BOLD : 1);
}

/** As much of `text` as fits into `most` pixels, with an ellipsis when it is not all. */
export function fitted(text: string, size: number, most: number): string {
  if (widthOf(text, size) <= most) return text;
  let shown = text;
  while (shown !== '' && widthOf(`${shown}…`, size) > most) shown = shown.slice(0, -1);
  return `${shown}…`;
}

/** `words` in lines of at most `most` pixels, joined by `joint`; at most `linesMax`, the last one telling how many are left. */
export function wrapped(words: readonly string[], size: number, most: number, linesMax: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const [place, word] of words.entries()) {
    const next = line === '' ? word : `${line}, ${word}`;
    if (line === '' || widthOf(next, size) <= most) {
      line = next;
      continue;
    }
    lines.push(line);
    line = word;
    if (lines.length === linesMax) return [...lines, `+ ${words.length - place} more`];
  }
  return line === '' ? lines : [...lines, line];
}

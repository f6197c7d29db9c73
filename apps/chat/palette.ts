/** The colours of the classroom, for dark and for light terminals. Whatever has a colour also has a word or a shape. */

export interface Palette {
  readonly candidate: string;
  readonly own: string;
  readonly leader: string;
  readonly data: string;
  readonly fault: string;
  readonly dim: string;
}

const DARK: Palette = {
  candidate: '#56B4E9',
  own: '#2FBF94',
  leader: '#E69F00',
  data: '#DD9BC2',
  fault: '#F0783C',
  dim: '#9AA8C3',
};

const LIGHT: Palette = {
  candidate: '#0072B2',
  own: '#00775A',
  leader: '#8A5A00',
  data: '#A0407A',
  fault: '#9B1C1C',
  dim: '#586781',
};

/** Grounds that COLORFGBG counts as light: white and bright white. */
const LIGHT_GROUNDS = new Set(['7', '15']);

/**
 * The colours for a terminal.
 *
 * @param ground - what the terminal says of itself in `COLORFGBG`, as `0;15`; most are dark and say nothing.
 */
export const paletteFor = (ground: string | undefined): Palette =>
  LIGHT_GROUNDS.has(ground?.split(';').at(-1) ?? '') ? LIGHT : DARK;

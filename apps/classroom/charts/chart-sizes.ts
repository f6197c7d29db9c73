/** Sizes of type in a chart, in pixels: what layouts are made for and what is drawn. */
export const SIZES = { title: 12.5, small: 10.5, lineHeight: 14, titleHeight: 20 } as const;

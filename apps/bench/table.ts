/** How results are written for people. */

export const row = (name: string, cells: readonly string[]): string =>
  `  ${name.padEnd(22)}${cells.map((cell) => cell.padEnd(22)).join('')}`.trimEnd();

export const rate = (perSecond: number): string => `${thousands(perSecond)} /s`;

export const thousands = (value: number): string => Math.round(value).toLocaleString('en');

export const ms = (value: number): string => `${value < 100 ? value.toFixed(2) : Math.round(value)} ms`;

export const hundredths = (value: number): number => Math.round(value * 100) / 100;

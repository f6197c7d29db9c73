/** One rule changed: in `file`, the one place that reads `from` reads `to`. */
export interface Patch {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export function bundleProgram(
  entry: string,
  options?: { readonly mutant?: Patch | undefined; readonly platform?: 'node' | 'browser' },
): Promise<string>;

/** Small boxes that stand for no state: where a chart starts, "any state", and where an arrow goes on to. Their ids. */
import { isWithin, parentOf, within } from './chart-model.js';

export type SignKind = 'dot' | 'any' | 'onward';

/** A state's path in one segment. */
const folded = (path: string): string => path.replaceAll('.', '/');
const unfolded = (segment: string): string => segment.replaceAll('/', '.');

/** The start of what is inside `path`. */
export const dotOf = (path: string): string => within(path, '*dot');

/** "Any state" of `path`, beside the state below it that it leads to or into: one for each, so that no arrow is long. */
export const anyOf = (path: string, target: string): string =>
  within(path, `*any ${folded(target.slice(path === '' ? 0 : path.length + 1))}`);

/** Where an arrow from `source` goes on to: beside its source, in place of a long way back to `target`. */
export const onwardOf = (source: string, target: string): string =>
  within(
    parentOf(source),
    `*onward ${source.slice(parentOf(source).length).replace(/^\./, '')}>${folded(target)}`,
  );

export const kindOfSign = (id: string): SignKind | null => {
  const [, kind] = id.match(/(?:^|\.)\*(dot|any|onward)/) ?? [];
  return (kind as SignKind | undefined) ?? null;
};

/** The state that an "onward" sign stands for. */
export const targetOfSign = (id: string): string => unfolded(id.slice(id.indexOf('>') + 1));

/** Whether `id` stands beside `child` of `parent`. */
export function isBeside(id: string, parent: string, child: string): boolean {
  const any = within(parent, '*any ');
  if (id.startsWith(any)) return isWithin(within(parent, unfolded(id.slice(any.length))), child);
  const onward = within(parent, '*onward ');
  return id.startsWith(onward) && within(parent, id.slice(onward.length, id.indexOf('>'))) === child;
}

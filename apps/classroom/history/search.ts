/** Looking things up in what is in order already. */

/** How many items of an ascending list are not above `value`: the place of the first that is. */
export function placeAbove<Item>(list: readonly Item[], value: number, of: (item: Item) => number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && of(item) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

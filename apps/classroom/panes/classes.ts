/**
 * The value of `class` from what always holds and what holds now. Not `classList` beside a `class` that changes: Solid writes
 * the one over the other.
 */
export const classes = (always: string, now: Readonly<Record<string, boolean>>): string =>
  Object.entries(now).reduce((list, [name, holds]) => (holds ? `${list} ${name}` : list), always);

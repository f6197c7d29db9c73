/** What Tab can make of a line: commands, and the rooms there are. */
import { COMMAND_NAMES } from './commands.js';
import { harmless } from './words.js';

/** Every text that `before` could become. */
export function completionsOf(before: string, rooms: Iterable<string>): readonly string[] {
  const [, join, start = ''] = before.match(/^(\/join\s+)(\S*)$/u) ?? [];
  if (join !== undefined) {
    // A room whose name cannot be shown as it is cannot be joined by typing either.
    const names = [...rooms].filter((room) => room.startsWith(start) && harmless(room) === room);
    return names.sort().map((room) => join + room);
  }
  return before.startsWith('/') ? COMMAND_NAMES.filter((name) => name.startsWith(before)) : [];
}

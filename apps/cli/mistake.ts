/** Turns what commander refuses into one line that names the nearest thing there is. */
import type { Command, CommanderError } from 'commander';
import { closest } from 'fastest-levenshtein';
import { EXIT, ProgramFailure } from '../node/exit.js';

/** Programs the interface names that this version does not have yet. */
const LATER = /^classroom$/;

/** @param command - the one whose words were being read. */
export function mistakeOf(problem: CommanderError, command: Command): ProgramFailure {
  const named = problem.message.match(/'([^']*)'/)?.[1] ?? '';
  const programs = command.commands.map((one) => one.name());
  switch (problem.code) {
    case 'commander.unknownOption': {
      const name = named.split('=')[0] ?? named;
      return usage(`unknown flag ${name}; did you mean ${closest(name, flagsOf(command))}?`);
    }
    case 'commander.unknownCommand':
      if (named === 'help')
        return usage('--help says what there is, and bullpen PROGRAM --help what a program takes');
      return LATER.test(named)
        ? usage(`the program ${named} is not supported by this version; there are ${programs.join(', ')}`)
        : usage(`unknown program ${named}; did you mean ${closest(named, programs)}?`);
    case 'commander.excessArguments':
      if (programs.length === 0) return usage(`${command.name()} takes fewer words; --help says which`);
      return usage(`${command.name()} has no program of that name; there is ${programs.join(', ')}`);
    case 'commander.help':
      return usage(`which program? There are ${programs.join(', ')}; --help says more`);
    default:
      return usage(problem.message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' '));
  }
}

const usage = (line: string): ProgramFailure => new ProgramFailure(EXIT.usage, line);

const flagsOf = (command: Command): string[] => [
  ...command.options.flatMap((option) => (option.hidden ? [] : [option.long ?? option.flags])),
  '--help',
];

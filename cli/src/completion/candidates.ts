import type { Command, Option } from 'commander';
import { functionArgument, ownFunctionArgument } from '../arguments/names.js';

export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** What can stand at the end of a command line: words that are known, or the names of functions, which the server knows. */
export type Candidates = readonly Candidate[] | 'function-names';

/** `words` are those after the program's name; the last one is what has been typed of the next, perhaps nothing. */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const begun = words.at(-1) ?? '';
  const { command, argumentsBefore, openOption } = readWords(program, words.slice(0, -1));
  if (openOption !== undefined)
    return isFunctionOption(openOption) ? 'function-names' : choicesOf(openOption.argChoices, begun);
  if (begun.startsWith('-')) return beginningWith(begun, optionsOf(program, command));
  if (command.commands.length > 0)
    return beginningWith(begun, command.commands.filter(isShown).map(commandCandidate));
  const argument = command.registeredArguments[argumentsBefore];
  return argument?.description === functionArgument || argument?.description === ownFunctionArgument
    ? 'function-names'
    : choicesOf(argument?.argChoices, begun);
}

interface Reading {
  readonly command: Command;
  readonly argumentsBefore: number;
  /** An option that waits for its value. */
  readonly openOption: Option | undefined;
}

function readWords(program: Command, words: readonly string[]): Reading {
  let command = program;
  let argumentsBefore = 0;
  let openOption: Option | undefined;
  for (const word of words) {
    if (openOption !== undefined) openOption = undefined;
    else if (word.startsWith('-')) openOption = valueOption(program, command, word);
    else {
      const below = command.commands.find((each) => [each.name(), ...each.aliases()].includes(word));
      if (below === undefined) argumentsBefore += 1;
      else [command, argumentsBefore] = [below, 0];
    }
  }
  return { command, argumentsBefore, openOption };
}

function valueOption(program: Command, command: Command, word: string): Option | undefined {
  const option = [...command.options, ...program.options].find(
    ({ short, long }) => word === short || word === long,
  );
  return option?.required === true ? option : undefined;
}

function isFunctionOption({ long }: Option): boolean {
  return long === '--function';
}

function optionsOf(program: Command, command: Command): Candidate[] {
  return [...new Set([...command.options, ...program.options])]
    .filter(({ hidden }) => !hidden)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description }));
}

function commandCandidate(command: Command): Candidate {
  return { value: command.name(), about: command.description() };
}

function isShown(command: Command): boolean {
  return command
    .createHelp()
    .visibleCommands(command.parent ?? command)
    .includes(command);
}

function choicesOf(choices: readonly string[] | undefined, begun: string): Candidate[] {
  return beginningWith(
    begun,
    (choices ?? []).map((value) => ({ value, about: '' })),
  );
}

export function beginningWith(begun: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(begun));
}

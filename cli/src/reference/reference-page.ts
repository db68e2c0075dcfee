import type { Argument, Command, Option } from 'commander';
import { examplesOf } from '../command.js';
import { exitCodes } from '../errors/exit-codes.js';
import { markdownTable } from './markdown-table.js';

/** `docs/cli.md`: everything that the program has, from its own tree. */
export function referencePage(program: Command): string {
  return `<!-- Made by scripts/docs.mjs from cli/src: change it there. -->

# The command line

${introduction}

## Exit codes

${markdownTable([
  ['code', 'meaning'],
  ...Object.values(exitCodes).map(({ code, meaning }) => [String(code), meaning]),
])}

## Options of every command

${optionTable(program.options.filter(({ long }) => long !== '--version'))}

${groupsOf(program)
  .map(([title, commands]) => `## ${title}\n\n${commands.map((command) => section(command, [])).join('\n')}`)
  .join('\n')}`;
}

const introduction = `\`glambdar\` deploys, calls and watches functions. It needs Node.js 20.19 or newer, on Linux or macOS.

\`\`\`sh
npx glambdar --help          # in a checkout of this project, after npm start or npm run build
npm install --global glambdar # anywhere else
\`\`\`

## Which server

Without a profile, commands go to \`http://127.0.0.1:8000\`. \`glambdar login URL\` keeps the address and the key of a server
in \`~/.config/glambdar/profiles/default.json\` (\`$XDG_CONFIG_HOME\` counts), which only you can read. If you have several
servers, name each: \`glambdar login URL --profile work\`, and then \`--profile work\` with any command.

${markdownTable([
  ['what', 'chooses'],
  ['`--profile`', 'a profile, before everything else'],
  ['`GLAMBDAR_URL`, `GLAMBDAR_KEY`', 'address and key, before the profile that is used without `--profile`'],
  ['`GLAMBDAR_PROFILE`', 'that profile'],
])}

The key of a profile is sent to the address of that profile only: who sets \`GLAMBDAR_URL\` to another one sets \`GLAMBDAR_KEY\`, too.
Keep the key of a build in \`GLAMBDAR_KEY\`.

## What is printed

Results go to standard output, everything else (questions, progress, warnings, errors) to standard error. On a terminal
results are tables with relative times. In a pipe they are lines without a head, with tabs between whole cells and times in
UTC. \`--json\` prints exactly what the server answered, as one JSON value; what comes one by one, as with \`logs --follow\`, is
one value on each line.

\`NO_COLOR\` turns colours off, \`FORCE_COLOR=1\` turns them on where there is no terminal. Whatever functions and callers have
written is shown as text that a terminal does not obey: control characters are written as \`\\u001b\`, in JSON as JSON escapes.`;

function groupsOf(program: Command): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const command of program.createHelp().visibleCommands(program)) {
    if (command.name() === 'help') continue;
    const title = command.helpGroup().replace(/:$/, '');
    groups.set(title, [...(groups.get(title) ?? []), command]);
  }
  return [...groups];
}

function section(command: Command, above: readonly string[]): string {
  const path = [...above, command.name()];
  if (command.commands.length > 0) return command.commands.map((each) => section(each, path)).join('\n');
  const name = ['glambdar', ...path].join(' ');
  const options = command.options.filter(({ hidden }) => !hidden);
  const parts = [
    `### ${name}`,
    `${command.description()}${aliasNote(command, above)}`,
    `\`\`\`\n${[name, ...command.registeredArguments.map(argumentUsage), ...(options.length > 0 ? ['[options]'] : [])].join(' ')}\n\`\`\``,
    ...(command.registeredArguments.length > 0 ? [argumentTable(command.registeredArguments)] : []),
    ...(options.length > 0 ? [optionTable(options)] : []),
    ...exampleParts(command),
  ];
  return `${parts.join('\n\n')}\n`;
}

function aliasNote(command: Command, above: readonly string[]): string {
  const names = command.aliases().map((alias) => `\`${['glambdar', ...above, alias].join(' ')}\``);
  return names.length === 0 ? '' : ` Also ${names.join(', ')}.`;
}

function exampleParts(command: Command): string[] {
  const examples = examplesOf(command);
  if (examples.length === 0) return [];
  return [`\`\`\`sh\n${examples.map(([line, meaning]) => `# ${meaning}\n${line}`).join('\n')}\n\`\`\``];
}

function argumentUsage(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
}

function argumentTable(list: readonly Argument[]): string {
  return markdownTable([
    ['argument', 'meaning'],
    ...list.map((argument) => [
      `\`${argumentUsage(argument)}\``,
      argument.description + choicesNote(argument.argChoices),
    ]),
  ]);
}

function optionTable(list: readonly Option[]): string {
  return markdownTable([
    ['option', 'meaning'],
    ...list.map((option) => [`\`${option.flags}\``, option.description + choicesNote(option.argChoices)]),
  ]);
}

function choicesNote(choices: readonly string[] | undefined): string {
  return choices === undefined ? '' : ` (${choices.map((choice) => `\`${choice}\``).join(', ')})`;
}

import { Command } from 'commander';
import { addList } from './commands/list.js';
import { addLogin } from './commands/login.js';
import { addLogout } from './commands/logout.js';
import { addPack } from './commands/pack.js';
import { addProfiles } from './commands/profiles.js';
import type { AddCommand } from './command.js';
import { Context, type GlobalOptions } from './context.js';
import type { Host } from './host.js';
import { readVersion } from './version.js';

/** In the order of the help and of docs/cli.md. */
const groups: readonly (readonly [title: string, commands: readonly AddCommand[]])[] = [
  ['Make and publish:', [addPack]],
  ['Look:', [addList]],
  ['Servers:', [addLogin, addLogout, addProfiles]],
];

/** The whole command line; nothing of the host is used before a command runs. */
export function createProgram(host: Host): Command {
  const program = new Command('glambdar')
    .description('Deploys, calls and watches functions on a Glambdar server.')
    .version(readVersion(), '-V, --version', 'Show the version.')
    .helpOption('-h, --help', 'Show this help.')
    .helpCommand('help [command]', 'Show the help of a command.')
    .option('--json', 'Print JSON: one value, or one on each line where results come one by one.')
    .option('--profile <name>', 'Use the server and key of this profile.')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // What is wrong is written in one place, with everything else that goes wrong.
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns ?? 100,
      getErrHelpWidth: () => host.stderr.columns ?? 100,
      outputError: () => undefined,
    });
  const context = new Context(host, () => program.opts<GlobalOptions>());
  for (const [title, commands] of groups) {
    program.commandsGroup(title);
    for (const add of commands) add(program, context);
  }
  return program;
}

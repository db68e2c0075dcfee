import { Command } from 'commander';
import { addCompletion } from './commands/completion.js';
import { addDeploy } from './commands/deploy.js';
import { addInit } from './commands/init.js';
import { addDev } from './commands/dev.js';
import { addEvents } from './commands/events.js';
import { addInfo } from './commands/info.js';
import { addInvocations } from './commands/invocations.js';
import { addInvoke } from './commands/invoke.js';
import { addKeys } from './commands/keys.js';
import { addList } from './commands/list.js';
import { addLogin } from './commands/login.js';
import { addLogout } from './commands/logout.js';
import { addLogs } from './commands/logs.js';
import { addOpen } from './commands/open.js';
import { addPack } from './commands/pack.js';
import { addProfiles } from './commands/profiles.js';
import { addRemove } from './commands/rm.js';
import { addRollback } from './commands/rollback.js';
import { addSchedules } from './commands/schedules.js';
import { addSecrets } from './commands/secrets.js';
import { addServer } from './commands/server.js';
import { addSettings } from './commands/settings.js';
import { addVersions } from './commands/versions.js';
import type { AddCommand } from './command.js';
import { Context, type GlobalOptions } from './context.js';
import type { Host } from './host.js';
import { readVersion } from './version.js';

/** In the order of the help and of docs/cli.md. */
const groups: readonly (readonly [title: string, commands: readonly AddCommand[]])[] = [
  ['Make and publish:', [addInit, addDev, addDeploy, addPack]],
  ['Call and watch:', [addInvoke, addLogs, addInvocations, addEvents, addList, addInfo, addOpen]],
  ['Change:', [addSettings, addSecrets, addSchedules, addVersions, addRollback, addRemove]],
  ['Servers:', [addServer, addLogin, addLogout, addProfiles, addKeys]],
  ['Your shell:', [addCompletion]],
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

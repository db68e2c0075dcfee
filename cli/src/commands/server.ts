import type { Command } from 'commander';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors/command-error.js';
import { findCheckout } from '../local-server/checkout.js';
import { doctorView } from '../local-server/doctor/doctor-view.js';
import { gatherFacts } from '../local-server/doctor/gather-facts.js';
import { judge } from '../local-server/doctor/judge.js';
import { readStatus, statusView } from '../local-server/server-status.js';
import { startServer } from '../local-server/start-server.js';

export const addServer: AddCommand = (program, context) => {
  const server = program.command('server').description('Start a server on this machine, and look at it.');
  addStart(server, context);
  addStatus(server, context);
  addDoctor(server, context);
};

function addStart(server: Command, { host }: Context): void {
  const command = server
    .command('start')
    .description(
      'Run a server in the foreground, as `npm start` does in a working copy of Glambdar: it sets up what is missing. ' +
        'Its settings are environment variables, such as GLAMBDAR_PORT. Ctrl-C ends it.',
    )
    .action(async () => {
      const checkout = await findCheckout(host.workingDirectory);
      if (checkout === undefined)
        throw new CommandError(
          'refused',
          'There is no server here: the npm package glambdar is the command line alone.',
          'Clone the repository of Glambdar and run `npm start` inside it. `glambdar server doctor` says what else it needs.',
        );
      await startServer(checkout, host.environment);
    });
  withExamples(command, ['GLAMBDAR_PORT=8080 glambdar server start', 'runs a server on another port']);
}

function addStatus(server: Command, context: Context): void {
  const command = server
    .command('status')
    .description('Say whether the server can serve calls, and what it does. Exits with 1 if it cannot.')
    .action(async () => {
      const status = await readStatus(await context.server());
      await context.printer.result(status, statusView(status));
      if (!status.ready)
        throw new CommandError(
          'refused',
          `The server at ${status.url} cannot serve calls.`,
          'See what is down above.',
        );
    });
  withExamples(command, ['glambdar server status', 'of the server that the profile names']);
}

function addDoctor(server: Command, context: Context): void {
  const command = server
    .command('doctor')
    .description(
      'Say what a server needs that this machine lacks, and how to get it. Exits with 1 if it cannot start.',
    )
    .action(async () => {
      const findings = judge(await gatherFacts(context.host));
      await context.printer.result(findings, doctorView(findings));
      if (findings.some(({ state }) => state === 'missing'))
        throw new CommandError(
          'refused',
          'A server cannot start on this machine as it is.',
          'Get what is missing, and run this again.',
        );
    });
  withExamples(command, ['glambdar server doctor', 'before the first start']);
}

import { deleteFunction } from '@glambdar/client';
import { functionArgument, functionName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import { confirmed } from '../terminal/confirmation.js';
import { done } from '../terminal/sentence.js';

export const addRemove: AddCommand = (program, context) => {
  const command = program
    .command('rm')
    .description('Delete a function: all its versions, settings, secrets and logs.')
    .argument('<name>', functionArgument, functionName)
    .option('-y, --yes', 'Do not ask.')
    .action(async (name: string, { yes }: { yes?: boolean }) => {
      const server = await context.server();
      await confirmed(
        context.host.ask,
        `Delete ${name} at ${server.target.url}, with all versions, secrets and logs?`,
        yes,
      );
      await server.done(deleteFunction({ client: server.client, path: { name } }));
      await context.printer.result({ function: name, status: 'deleted' }, done(`Deleted ${name}.`));
    });
  withExamples(command, ['glambdar rm hello --yes', 'deletes hello without asking']);
};

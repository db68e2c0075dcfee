import { listFunctions } from '@glambdar/client';
import { withExamples, type AddCommand } from '../command.js';
import { moment } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';

export const addList: AddCommand = (program, context) => {
  const command = program
    .command('list')
    .alias('ls')
    .description('List your functions.')
    .action(async () => {
      const server = await context.server();
      const answer = await server.answer(listFunctions({ client: server.client }));
      await context.printer.result(
        answer,
        table(
          answer.functions,
          [
            { head: 'name', value: ({ name }) => name, style: () => 'bold' },
            {
              head: 'state',
              value: ({ state }) => state,
              style: ({ state }) => (state === 'active' ? 'green' : 'red'),
            },
            { head: 'version', value: ({ version }) => version },
            { head: 'runtime', value: ({ runtime }) => runtime },
            { head: 'calls', value: ({ invokeCount }) => invokeCount },
            { head: 'last call', value: ({ lastInvokedAt }) => moment(lastInvokedAt) },
          ],
          'There are no functions yet. Deploy one with `glambdar deploy`.',
        ),
      );
    });
  withExamples(
    command,
    ['glambdar list', 'all functions'],
    ['glambdar list --json', 'the same for a program'],
  );
};

import { listVersions } from '@glambdar/client';
import { functionName, ownFunctionArgument } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import { functionHere } from '../function-file/function-here.js';
import { bytes, moment } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';

export const addVersions: AddCommand = (program, context) => {
  const command = program
    .command('versions')
    .description('List the versions of a function, newest first.')
    .argument('[name]', ownFunctionArgument, functionName)
    .action(async (given: string | undefined) => {
      const name = await functionHere(given, context.host);
      const server = await context.server();
      const answer = await server.answer(listVersions({ client: server.client, path: { name } }));
      await context.printer.result(
        answer,
        table(
          answer.versions,
          [
            { head: 'version', value: ({ version }) => version },
            {
              head: 'state',
              value: ({ current }) => (current ? 'current' : ''),
              style: ({ current }) => (current ? 'green' : undefined),
            },
            { head: 'published', value: ({ createdAt }) => moment(createdAt) },
            { head: 'size', value: ({ codeBytes }) => bytes(codeBytes) },
            { head: 'files', value: ({ fileCount }) => fileCount },
            { head: 'by', value: ({ publishedBy }) => publishedBy?.name ?? publishedBy?.id },
            {
              head: 'settings changed',
              value: ({ changes }) => changes?.map(({ field }) => field).join(', '),
            },
            { head: 'sha256', value: ({ sha256 }) => sha256 },
          ],
          'There are no versions.',
        ),
      );
    });
  withExamples(command, ['glambdar versions hello', 'the versions that hello can go back to']);
};

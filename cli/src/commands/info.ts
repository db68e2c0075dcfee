import { getFunction } from '@glambdar/client';
import { functionName, ownFunctionArgument } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import { functionHere } from '../function-file/function-here.js';
import { count } from '../terminal/count.js';
import { bytes, moment } from '../terminal/quantities.js';
import { fields } from '../terminal/table.js';

export const addInfo: AddCommand = (program, context) => {
  const command = program
    .command('info')
    .description('Show a function: its version, state and address.')
    .argument('[name]', ownFunctionArgument, functionName)
    .action(async (given: string | undefined) => {
      const name = await functionHere(given, context.host);
      const server = await context.server();
      const { client } = server;
      const answer = await server.answer(getFunction({ client, path: { name } }));
      const { state } = answer;
      await context.printer.result(
        answer,
        fields([
          ['name', answer.name, 'bold'],
          ['address', server.url(`/invoke/${name}`)],
          ['state', state, state === 'active' ? 'green' : 'red'],
          ...(answer.stateReason === undefined ? [] : [['reason', answer.stateReason] as const]),
          ['version', answer.version],
          ['runtime', answer.runtime],
          ['isolation', answer.isolation],
          ['containers', `${answer.minContainers} to ${answer.maxContainers}`],
          ['size', `${bytes(answer.codeBytes)} in ${count(answer.fileCount, 'file')}`],
          ['sha256', answer.sha256],
          ['created', moment(answer.createdAt)],
          ['calls', answer.invokeCount],
          ['last call', moment(answer.lastInvokedAt)],
        ]),
      );
    });
  withExamples(command, ['glambdar info hello', 'version, state and address of the function hello']);
};

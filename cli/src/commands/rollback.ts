import { rollBackFunction } from '@glambdar/client';
import { functionArgument, functionName } from '../arguments/names.js';
import { wholeNumber } from '../arguments/numbers.js';
import { withExamples, type AddCommand } from '../command.js';
import { changesView, showAdvice } from '../settings/changes.js';

export const addRollback: AddCommand = (program, context) => {
  const command = program
    .command('rollback')
    .description(
      'Go back to an earlier version of a function, or to another one that is kept. No call fails because of it.',
    )
    .argument('<name>', functionArgument, functionName)
    .argument(
      '[version]',
      'its number; the one before the current one, if left out',
      wholeNumber(1, 1e15 - 1),
    )
    .action(async (name: string, version: number | undefined) => {
      const server = await context.server();
      const body = version === undefined ? {} : { version };
      const answer = await server.answer(rollBackFunction({ client: server.client, path: { name }, body }));
      showAdvice(context.printer, answer);
      await context.printer.result(
        answer,
        changesView(`${answer.function} now runs version ${answer.version}.`, answer.changes ?? []),
      );
    });
  withExamples(
    command,
    ['glambdar rollback hello', 'goes back to the version before'],
    ['glambdar rollback hello 2', 'goes to version 2, be it older or newer'],
  );
};

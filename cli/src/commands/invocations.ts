import { Option } from 'commander';
import {
  getInvocation,
  listInvocations,
  type InvocationResponse,
  type ListInvocationsData,
} from '@glambdar/client';
import { invocationDetails } from '../calls/invocation-details.js';
import { functionName, invocationId } from '../arguments/names.js';
import { wholeNumber } from '../arguments/numbers.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { usageError } from '../errors/command-error.js';
import { milliseconds, moment } from '../terminal/quantities.js';
import { table } from '../terminal/table.js';

type Query = NonNullable<ListInvocationsData['query']>;

/** Its name is not that of the option that shows the program's own version. */
type Options = Omit<Query, 'version'> & { readonly codeVersion?: number };

export const addInvocations: AddCommand = (program, context) => {
  const command = program
    .command('invocations')
    .description('List the calls that ended last, or show one: its phases, its container, and why it failed.')
    .argument(
      '[id]',
      'the id of a call, from the header X-Glambdar-Invocation-Id or from this list',
      invocationId,
    )
    .option('--function <name>', 'Only calls of this function.', functionName)
    .addOption(
      new Option('--outcome <outcome>', 'Only calls that ended so: whose fault it was, or success.').choices([
        'success',
        'caller',
        'function',
        'platform',
      ]),
    )
    .option(
      '--since <time>',
      'Only calls that began then or later: 90s, 5m, 2h, 7d, or 2026-01-31T12:00:00Z.',
    )
    .option('--until <time>', 'Only calls that began before this time.')
    .option('--code-version <number>', 'Only calls that ran this version.', wholeNumber(1, 1e15 - 1))
    .option('-n, --limit <number>', 'How many calls at most.', wholeNumber(1, 1000))
    .action((id: string | undefined, { codeVersion, ...others }: Options) => {
      const query = codeVersion === undefined ? others : { ...others, version: codeVersion };
      return id === undefined ? showList(query, context) : showOne(id, query, context);
    });
  withExamples(
    command,
    ['glambdar invocations --function hello --outcome function', 'the last calls of hello that failed'],
    [
      'glambdar invocations --function hello --since 1h --code-version 2',
      'what version 2 did in the last hour',
    ],
    ['glambdar invocations 5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a', 'everything about one call'],
  );
};

async function showList(query: Query, context: Context): Promise<void> {
  const server = await context.server();
  const answer = await server.answer(listInvocations({ client: server.client, query }));
  await context.printer.result(
    answer,
    table(
      answer.invocations,
      [
        { head: 'id', value: ({ id }) => id },
        { head: 'function', value: (call) => call.function, style: () => 'bold' },
        { head: 'version', value: ({ version }) => version },
        { head: 'started', value: ({ startedAt }) => moment(startedAt) },
        { head: 'took', value: ({ phases }) => milliseconds(phases.totalMs) },
        { head: 'status', value: ({ statusCode }) => statusCode },
        { head: 'outcome', value: ({ outcome }) => outcome, style: outcomeStyle },
        { head: 'why', value: ({ failure }) => failure?.message },
      ],
      'There are no such calls.',
    ),
  );
}

function outcomeStyle({ outcome }: InvocationResponse): 'green' | 'red' {
  return outcome === 'success' ? 'green' : 'red';
}

async function showOne(id: string, query: Query, context: Context): Promise<void> {
  if (Object.keys(query).length > 0)
    throw usageError('One call is shown as it is: leave out the options that choose among many.');
  const server = await context.server();
  const answer = await server.answer(getInvocation({ client: server.client, path: { id } }));
  await context.printer.result(answer, invocationDetails(answer));
}

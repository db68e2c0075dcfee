import type { Command } from 'commander';
import { deleteSecret, listSecrets, putSecret } from '@glambdar/client';
import { functionArgument, functionName, secretName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { usageError } from '../errors/command-error.js';
import { confirmed } from '../terminal/confirmation.js';
import { moment } from '../terminal/quantities.js';
import { done } from '../terminal/sentence.js';
import { readValue } from '../terminal/standard-input.js';
import { table } from '../terminal/table.js';

/** Far above what any server takes. */
const longestValueBytes = 1024 * 1024;

export const addSecrets: AddCommand = (program, context) => {
  const secrets = program
    .command('secrets')
    .description('Set, list and remove the secrets of a function, which its code finds in process.env.');
  addSet(secrets, context);
  addList(secrets, context);
  addRemove(secrets, context);
};

function addSet(secrets: Command, context: Context): void {
  const command = secrets
    .command('set')
    .description('Set a secret. Its value is asked for, or read from standard input without the line end.')
    .argument('<name>', functionArgument, functionName)
    .argument('<key>', 'the name of the secret', keyAlone)
    .allowExcessArguments()
    .action(async (name: string, key: string, _options: unknown, { args }: Command) => {
      if (args.length > 2) throw valueIsNoArgument();
      const server = await context.server();
      const value = await valueOf(name, key, context);
      const path = { name, key };
      await server.done(putSecret({ client: server.client, path, body: { value } }));
      await context.printer.result(
        { function: name, key, status: 'set' },
        done(`Set ${key} of ${name}. Calls that begin now get it.`),
      );
    });
  withExamples(
    command,
    ['glambdar secrets set hello API_KEY', 'asks for the value'],
    ['glambdar secrets set hello API_KEY < api-key.txt', 'reads the value from a file'],
  );
}

function addList(secrets: Command, context: Context): void {
  const command = secrets
    .command('list')
    .alias('ls')
    .description('List the names of the secrets. No one is ever shown a value.')
    .argument('<name>', functionArgument, functionName)
    .action(async (name: string) => {
      const server = await context.server();
      const answer = await server.answer(listSecrets({ client: server.client, path: { name } }));
      await context.printer.result(
        answer,
        table(
          answer.secrets,
          [
            { head: 'name', value: ({ key }) => key, style: () => 'bold' },
            { head: 'set', value: ({ updatedAt }) => moment(updatedAt) },
            { head: 'created', value: ({ createdAt }) => moment(createdAt) },
          ],
          `${name} has no secrets. Set one with \`glambdar secrets set ${name} KEY\`.`,
        ),
      );
    });
  withExamples(command, ['glambdar secrets list hello', 'which secrets hello has']);
}

function addRemove(secrets: Command, context: Context): void {
  const command = secrets
    .command('rm')
    .description('Remove a secret.')
    .argument('<name>', functionArgument, functionName)
    .argument('<key>', 'the name of the secret', secretName)
    .option('-y, --yes', 'Do not ask.')
    .action(async (name: string, key: string, { yes }: { yes?: boolean }) => {
      const server = await context.server();
      await confirmed(context.host.ask, `Remove the secret ${key} of ${name}?`, yes);
      await server.done(deleteSecret({ client: server.client, path: { name, key } }));
      const value = { function: name, key, status: 'removed' };
      await context.printer.result(value, done(`Removed ${key} of ${name}.`));
    });
  withExamples(command, ['glambdar secrets rm hello API_KEY --yes', 'removes it without asking']);
}

async function valueOf(name: string, key: string, { host }: Context): Promise<string> {
  if (host.ask.isPossible) return host.ask.hidden(`Value of ${key} of ${name}`);
  const value = await readValue(host.stdin, longestValueBytes);
  if (value === '')
    throw usageError(
      'There is no value on standard input.',
      `Pipe it in: \`glambdar secrets set ${name} ${key} < FILE\`.`,
    );
  return value;
}

/** The value, if there is one, is not repeated: what is shown may be kept, too. */
function keyAlone(text: string): string {
  if (text.includes('=')) throw valueIsNoArgument();
  return secretName(text);
}

function valueIsNoArgument() {
  return usageError(
    "A secret's value is never an argument: your shell would keep it, and other users of this machine could see it.",
    'Leave it out to be asked for it, or pipe it in. If it was a real one, replace it.',
  );
}

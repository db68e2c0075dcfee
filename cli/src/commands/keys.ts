import { Option, type Command } from 'commander';
import { createKey, listKeys, revokeKey, type NewKeyBody, type CreatedKeyResponse } from '@glambdar/client';
import { list } from '../arguments/lists.js';
import { keyId } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { confirmed } from '../terminal/confirmation.js';
import { moment } from '../terminal/quantities.js';
import { done } from '../terminal/sentence.js';
import { table } from '../terminal/table.js';
import type { View } from '../terminal/view.js';

interface CreateOptions {
  readonly name: string;
  readonly scopes: NewKeyBody['scopes'];
  readonly functions?: string[];
  readonly expires?: string;
}

export const addKeys: AddCommand = (program, context) => {
  const keys = program
    .command('keys')
    .description(
      'Create, list and revoke the keys of a server. The first key is made on its machine: `npm run keys`.',
    );
  addCreate(keys, context);
  addList(keys, context);
  addRevoke(keys, context);
};

function addCreate(keys: Command, context: Context): void {
  const command = keys
    .command('create')
    .description('Create a key. It is shown once and stored nowhere.')
    .requiredOption('--name <text>', 'What it is for.')
    .addOption(
      new Option('--scopes <list>', 'What it allows, such as functions:read,functions:invoke, or admin.')
        .argParser(list)
        .makeOptionMandatory(),
    )
    .option('--functions <list>', 'Limit it to these functions; * stands for any characters.', list)
    .option('--expires <date>', 'The day, or the moment, from which it is not valid any more.')
    .action(async ({ name, scopes, functions, expires }: CreateOptions) => {
      const server = await context.server();
      const body: NewKeyBody = {
        name,
        scopes,
        ...(functions === undefined ? {} : { functions }),
        ...(expires === undefined ? {} : { expiresAt: expires }),
      };
      const answer = await server.answer(createKey({ client: server.client, body }));
      await context.printer.result(answer, createdView(answer));
      if (context.printer.form === 'terminal')
        context.printer.remark(`Keep it now: it is not shown again. Its id is ${answer.id}.`);
    });
  withExamples(
    command,
    [
      'glambdar keys create --name ci --scopes functions:deploy,functions:read',
      'a key for continuous integration',
    ],
    [
      "glambdar keys create --name shop --scopes functions:invoke --functions 'shop-*'",
      'a key for some functions',
    ],
  );
}

/** The key alone, so that it can be captured. */
function createdView({ key }: CreatedKeyResponse): View {
  return { onTerminal: () => `${key}\n`, inPipe: () => `${key}\n` };
}

function addList(keys: Command, context: Context): void {
  const command = keys
    .command('list')
    .alias('ls')
    .description('List the keys, without their secrets.')
    .action(async () => {
      const server = await context.server();
      const answer = await server.answer(listKeys({ client: server.client }));
      const now = context.host.now();
      await context.printer.result(
        answer,
        table(
          answer.keys,
          [
            { head: 'id', value: ({ id }) => id, style: () => 'bold' },
            { head: 'name', value: ({ name }) => name },
            {
              head: 'state',
              value: (key) => stateOf(key, now),
              style: (key) => (stateOf(key, now) === 'valid' ? 'green' : 'red'),
            },
            { head: 'created', value: ({ createdAt }) => moment(createdAt) },
            { head: 'last used', value: ({ lastUsedOn }) => lastUsedOn },
            { head: 'expires', value: ({ expiresAt }) => expiresAt },
            { head: 'functions', value: ({ functions }) => functions?.join(',') ?? 'all' },
            { head: 'scopes', value: ({ scopes }) => scopes.join(',') },
          ],
          'There are no keys: everybody who reaches the server may use it.',
        ),
      );
    });
  withExamples(command, ['glambdar keys list', 'which keys there are, and which are valid']);
}

function addRevoke(keys: Command, context: Context): void {
  const command = keys
    .command('revoke')
    .description('End a key, at once and for good.')
    .argument('<id>', 'the id of the key, from `glambdar keys list`', keyId)
    .option('-y, --yes', 'Do not ask.')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const server = await context.server();
      await confirmed(
        context.host.ask,
        `Revoke the key ${id}? Whoever uses it is refused from then on.`,
        yes,
      );
      await server.done(revokeKey({ client: server.client, path: { id } }));
      await context.printer.result({ id, status: 'revoked' }, done(`Revoked the key ${id}.`));
    });
  withExamples(command, ['glambdar keys revoke 0123456789ab --yes', 'ends it without asking']);
}

function stateOf(
  { revokedAt, expiresAt }: { readonly revokedAt: string | null; readonly expiresAt: string | null },
  now: Date,
): 'revoked' | 'expired' | 'valid' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && new Date(expiresAt) <= now ? 'expired' : 'valid';
}

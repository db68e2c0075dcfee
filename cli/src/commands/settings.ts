import type { Command } from 'commander';
import { changeSettings, getSettings, type FunctionSettingsPatch } from '@glambdar/client';
import { functionArgument, functionName } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors/command-error.js';
import { patchOf, unsetPatch, type SettingsPatch } from '../settings/assignment.js';
import { changesView, showAdvice } from '../settings/changes.js';
import { settingsSchemaOf, type SettingsSchema } from '../settings/schema.js';
import { safeJson } from '../terminal/safe-text.js';
import { words } from '../terminal/sentence.js';
import { table } from '../terminal/table.js';

export const addSettings: AddCommand = (program, context) => {
  const settings = program.command('settings').description('Read and change the settings of a function.');
  addGet(settings, context);
  addSet(settings, context);
  addUnset(settings, context);
};

function addGet(settings: Command, context: Context): void {
  const command = settings
    .command('get')
    .description('Show all settings as they are in force, or one.')
    .argument('<name>', functionArgument, functionName)
    .argument('[setting]', 'such as timeoutSeconds, or environment.GREETING')
    .action(async (name: string, setting: string | undefined) => {
      const server = await context.server();
      const answer = await server.answer(getSettings({ client: server.client, path: { name } }));
      const entries = Object.entries(answer).flatMap(flattened);
      if (setting === undefined) {
        const rows = table(
          entries,
          [
            { head: 'setting', value: ([field]) => field, style: () => 'bold' },
            { head: 'value', value: ([, value]) => asText(value) },
          ],
          'There are no settings.',
        );
        await context.printer.result(answer, rows);
        return;
      }
      const [, value] =
        [...entries, ...Object.entries(answer)].find(([field]) => field === setting) ??
        missing(name, setting);
      await context.printer.result(value, words(asText(value)));
    });
  withExamples(
    command,
    ['glambdar settings get hello', 'all settings of hello'],
    ['glambdar settings get hello timeoutSeconds', 'one value'],
  );
}

function addSet(settings: Command, context: Context): void {
  const command = settings
    .command('set')
    .description('Change settings. All of them change, or none.')
    .argument('<name>', functionArgument, functionName)
    .argument('<setting=value...>', 'the changes; lists and objects are written in JSON')
    .action((name: string, assignments: string[]) =>
      change(name, (schema) => patchOf(assignments, schema), context),
    );
  withExamples(
    command,
    ['glambdar settings set hello timeoutSeconds=30 isolation=warm', 'changes two settings'],
    ['glambdar settings set hello environment.GREETING=Hello', 'sets one variable and leaves the others'],
    [`glambdar settings set hello 'egress=["api.example.com"]'`, 'a list, in JSON'],
  );
}

function addUnset(settings: Command, context: Context): void {
  const command = settings
    .command('unset')
    .description('Give settings their defaults back.')
    .argument('<name>', functionArgument, functionName)
    .argument('<setting...>', 'such as timeoutSeconds, or environment.GREETING')
    .action((name: string, names: string[]) => change(name, (schema) => unsetPatch(names, schema), context));
  withExamples(command, ['glambdar settings unset hello timeoutSeconds', "the server's default again"]);
}

async function change(
  name: string,
  patchBy: (schema: SettingsSchema) => SettingsPatch,
  context: Context,
): Promise<void> {
  const server = await context.server();
  const body = patchBy(await settingsSchemaOf(server)) as FunctionSettingsPatch;
  const answer = await server.answer(changeSettings({ client: server.client, path: { name }, body }));
  const { changes = [] } = answer;
  showAdvice(context.printer, answer);
  const head =
    changes.length === 0 ? `${name} has these settings already.` : `Changed the settings of ${name}.`;
  await context.printer.result(answer, changesView(head, changes));
}

/** A variable of the environment is a setting of its own to a reader. */
function flattened([name, value]: [string, unknown]): (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  const members = Object.entries(value);
  if (members.length === 0) return [[name, value]];
  return members.map(([member, each]: [string, unknown]) => [`${name}.${member}`, each]);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : safeJson(value);
}

function missing(name: string, setting: string): never {
  throw new CommandError(
    'notFound',
    `${name} has no setting ${JSON.stringify(setting)}.`,
    `\`glambdar settings get ${name}\` shows all.`,
  );
}

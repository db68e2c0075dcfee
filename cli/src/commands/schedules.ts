import { Option, type Command } from 'commander';
import {
  deleteSchedule,
  getSchedule,
  listSchedules,
  runSchedule,
  setSchedule,
  type ListSchedulesData,
  type ScheduleResponse,
  type SetScheduleData,
} from '@glambdar/client';
import { functionArgument, functionName, scheduleName } from '../arguments/names.js';
import { wholeNumber } from '../arguments/numbers.js';
import { callData } from '../calls/call-data.js';
import { textOf } from '../calls/call-request.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { usageError } from '../errors/command-error.js';
import { scheduleDetails, timing } from '../events/schedule-details.js';
import { confirmed } from '../terminal/confirmation.js';
import { moment } from '../terminal/quantities.js';
import { done } from '../terminal/sentence.js';
import { table } from '../terminal/table.js';

type Definition = SetScheduleData['body'];

export const addSchedules: AddCommand = (program, context) => {
  const schedules = program
    .command('schedules')
    .description('Call functions by the clock: list, set, run and remove their schedules.');
  addList(schedules, context);
  addShow(schedules, context);
  addSet(schedules, context);
  addRun(schedules, context);
  addRemove(schedules, context);
};

const scheduleArgument = 'the name of the schedule';

function addList(schedules: Command, context: Context): void {
  const command = schedules
    .command('list')
    .alias('ls')
    .description('List all schedules, or those of a function.')
    .option('--function <name>', 'Only schedules of this function.', functionName)
    .option('-n, --limit <number>', 'How many at most.', wholeNumber(1, 200))
    .option('--cursor <cursor>', 'Go on where a list ended; it names the cursor.')
    .action(async (query: NonNullable<ListSchedulesData['query']>) => {
      const server = await context.server();
      const answer = await server.answer(listSchedules({ client: server.client, query }));
      await context.printer.result(
        answer,
        table(
          answer.schedules,
          [
            { head: 'function', value: (schedule) => schedule.function, style: () => 'bold' },
            { head: 'schedule', value: ({ name }) => name },
            { head: 'when', value: timing },
            { head: 'state', value: ({ enabled }) => (enabled ? '' : 'disabled'), style: () => 'yellow' },
            { head: 'next', value: ({ next }) => next[0] },
            { head: 'last', value: ({ last }) => moment(last?.dueAt ?? null) },
          ],
          'There are no schedules.',
        ),
      );
      if (answer.cursor !== null && context.printer.form === 'terminal')
        context.printer.remark(`There are more: add \`--cursor ${answer.cursor}\`.`);
    });
  withExamples(command, ['glambdar schedules list', 'what will run, and when']);
}

function addShow(schedules: Command, context: Context): void {
  const command = schedules
    .command('show')
    .description('Show a schedule, and the next five times that it calls.')
    .argument('<name>', functionArgument, functionName)
    .argument('<schedule>', scheduleArgument, scheduleName)
    .action(async (name: string, schedule: string) => {
      const server = await context.server();
      const answer = await server.answer(getSchedule({ client: server.client, path: { name, schedule } }));
      await context.printer.result(answer, scheduleDetails(answer));
    });
  withExamples(command, ['glambdar schedules show hello nightly', 'when hello is called next']);
}

interface SetOptions {
  readonly cron?: string;
  readonly every?: string;
  readonly timeZone?: string;
  readonly data?: string;
  readonly missed?: NonNullable<Definition['missed']>;
  readonly disabled?: true;
}

function addSet(schedules: Command, context: Context): void {
  const command = schedules
    .command('set')
    .description('Make a schedule, or put another in its place.')
    .argument('<name>', functionArgument, functionName)
    .argument('<schedule>', scheduleArgument, scheduleName)
    .option('--cron <expression>', 'When: minute, hour, day, month, day of the week; seconds may come first.')
    .option('--every <time>', 'Instead of --cron: the time from one call to the next, such as 10m.')
    .option('--time-zone <zone>', 'Of --cron, such as Europe/Berlin; UTC if left out.')
    .option('-d, --data <json>', 'What the function gets: JSON, @FILE, or - for standard input.')
    .addOption(
      new Option('--missed <what>', 'What becomes of times that pass while the server does not run.').choices(
        ['skip', 'run-once'],
      ),
    )
    .option('--disabled', 'Keep it without calling.')
    .action(async (name: string, schedule: string, options: SetOptions) => {
      const body = await definitionOf(options, context);
      const server = await context.server();
      const answer = await server.answer(
        setSchedule({ client: server.client, path: { name, schedule }, body }),
      );
      await context.printer.result(answer, done(`Set ${schedule} of ${name}. ${nextCall(answer)}`));
    });
  withExamples(
    command,
    [
      "glambdar schedules set hello nightly --cron '0 3 * * *' --time-zone Europe/Berlin",
      'every night at three',
    ],
    [`glambdar schedules set hello poll --every 10m --data '{"full":false}'`, 'every ten minutes, with JSON'],
  );
}

async function definitionOf(options: SetOptions, { host }: Context): Promise<Definition> {
  const { data, disabled, ...definition } = options;
  if ((options.cron === undefined) === (options.every === undefined))
    throw usageError(
      'Say when: with `--cron` or with `--every`, and not both.',
      "For example: `--cron '0 3 * * *'`, or `--every 10m`.",
    );
  const given = await callData(data, host);
  return {
    ...definition,
    ...(given === undefined ? {} : { payload: jsonOf(given) }),
    ...(disabled === true ? { enabled: false } : {}),
  };
}

type Json = NonNullable<Definition['payload']> | null;

function jsonOf(given: Uint8Array): Json {
  try {
    return JSON.parse(textOf(given) ?? '') as Json;
  } catch {
    throw usageError('The data is not JSON.', `Text is JSON in quotes: \`--data '"text"'\`.`);
  }
}

function nextCall({ enabled, next }: ScheduleResponse): string {
  const [first] = next;
  if (!enabled) return 'It is disabled.';
  return first === undefined ? 'It never calls again.' : `It calls next at ${first}.`;
}

function addRun(schedules: Command, context: Context): void {
  const command = schedules
    .command('run')
    .description('Call the function now, as the schedule would, besides its times.')
    .argument('<name>', functionArgument, functionName)
    .argument('<schedule>', scheduleArgument, scheduleName)
    .action(async (name: string, schedule: string) => {
      const server = await context.server();
      const answer = await server.answer(runSchedule({ client: server.client, path: { name, schedule } }));
      await context.printer.result(
        answer,
        done(`${name} is called. How it went: \`glambdar events show ${answer.id} --wait\``),
      );
    });
  withExamples(command, ['glambdar schedules run hello nightly', 'does not wait for three at night']);
}

function addRemove(schedules: Command, context: Context): void {
  const command = schedules
    .command('rm')
    .description('Remove a schedule. Events that it has made stay.')
    .argument('<name>', functionArgument, functionName)
    .argument('<schedule>', scheduleArgument, scheduleName)
    .option('-y, --yes', 'Do not ask.')
    .action(async (name: string, schedule: string, { yes }: { yes?: boolean }) => {
      const server = await context.server();
      await confirmed(context.host.ask, `Remove the schedule ${schedule} of ${name}?`, yes);
      await server.done(deleteSchedule({ client: server.client, path: { name, schedule } }));
      await context.printer.result(
        { function: name, schedule, status: 'removed' },
        done(`Removed ${schedule} of ${name}.`),
      );
    });
  withExamples(command, ['glambdar schedules rm hello nightly --yes', 'removes it without asking']);
}

import { Option, type Command } from 'commander';
import {
  deleteEvent,
  deleteEvents,
  getEvent,
  listEvents,
  retryEvent,
  retryEvents,
  type EventResponse,
  type ListEventsData,
} from '@glambdar/client';
import { eventId, functionName } from '../arguments/names.js';
import { wholeNumber } from '../arguments/numbers.js';
import { withExamples, type AddCommand } from '../command.js';
import type { Context } from '../context.js';
import { CommandError, usageError } from '../errors/command-error.js';
import { eventDetails, stateStyle } from '../events/event-details.js';
import { confirmed } from '../terminal/confirmation.js';
import { count } from '../terminal/count.js';
import { moment } from '../terminal/quantities.js';
import { done } from '../terminal/sentence.js';
import { table } from '../terminal/table.js';

const states = ['queued', 'running', 'failed', 'succeeded', 'dead'] as const;

/** All but those that run. */
const purgeable = states.filter((state) => state !== 'running');

/** How long the server is asked to hold one request, in seconds. */
const waitSeconds = 20;

export const addEvents: AddCommand = (program, context) => {
  const events = program
    .command('events')
    .description('Watch, retry and delete events: calls that nobody waits for.');
  addList(events, context);
  addShow(events, context);
  addRetry(events, context);
  addRemove(events, context);
  addPurge(events, context);
};

const functionOption = ['--function <name>', 'Only events of this function.', functionName] as const;

function stateOption(): Option {
  return new Option('--state <state...>', 'Only events in this state; may be several.').choices(states);
}

interface Filter {
  readonly function?: string;
  readonly state?: readonly (typeof states)[number][];
}

function addList(events: Command, context: Context): void {
  const command = events
    .command('list')
    .alias('ls')
    .description('List events, the newest first.')
    .option(...functionOption)
    .addOption(stateOption())
    .option('-n, --limit <number>', 'How many at most.', wholeNumber(1, 1000))
    .option('--cursor <cursor>', 'Go on where a list ended; it names the cursor.')
    .action(async ({ state, ...others }: Filter & { limit?: number; cursor?: string }) => {
      const server = await context.server();
      const query: NonNullable<ListEventsData['query']> = {
        ...others,
        ...(state === undefined ? {} : { state: state.join(',') }),
      };
      const answer = await server.answer(listEvents({ client: server.client, query }));
      await context.printer.result(
        answer,
        table(
          answer.events,
          [
            { head: 'id', value: ({ id }) => id },
            { head: 'function', value: (event) => event.function, style: () => 'bold' },
            { head: 'state', value: ({ state: is }) => is, style: stateStyle },
            { head: 'accepted', value: ({ acceptedAt }) => moment(acceptedAt) },
            { head: 'attempts', value: ({ attemptCount }) => attemptCount },
            { head: 'why', value: lastFailure },
          ],
          'There are no such events.',
        ),
      );
      if (answer.cursor !== null && context.printer.form === 'terminal')
        context.printer.remark(`There are more: add \`--cursor ${answer.cursor}\`.`);
    });
  withExamples(
    command,
    ['glambdar events list --function hello', 'the last events of hello'],
    ['glambdar events list --state dead --limit 10', 'what was given up last'],
  );
}

function lastFailure({ attempts }: EventResponse): string | null {
  const last = attempts.at(-1);
  return last?.message ?? last?.code ?? null;
}

function addShow(events: Command, context: Context): void {
  const command = events
    .command('show')
    .description('Show one event: its request, its attempts, and what the function answered.')
    .argument('<id>', 'the id of an event', eventId)
    .option('-w, --wait', 'Wait until it has succeeded or is dead; exit with 1 if it is dead.')
    .action(async (id: string, { wait }: { wait?: true }) => {
      const event = wait === true ? await ended(id, context) : await eventOf(id, context);
      await context.printer.result(event, eventDetails(event));
      if (wait === true && event.state === 'dead')
        throw new CommandError(
          'refused',
          `The event is dead: ${lastFailure(event) ?? 'its time has passed'}.`,
          `Try it again with \`glambdar events retry ${id}\`.`,
        );
    });
  withExamples(
    command,
    ['glambdar events show 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55', 'everything about one event'],
    ['glambdar events show 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55 --wait', 'waits for its end'],
  );
}

async function eventOf(id: string, context: Context, wait?: number): Promise<EventResponse> {
  const server = await context.server();
  const query = wait === undefined ? {} : { query: { wait } };
  return server.answer(getEvent({ client: server.client, path: { id }, ...query }));
}

/** Asks again and again: the server holds each request until the event ends, but no longer than it is told to. */
function ended(id: string, context: Context): Promise<EventResponse> {
  return context.during('Waiting for the event…', async (progress) => {
    for (;;) {
      const event = await eventOf(id, context, waitSeconds);
      if (event.state === 'succeeded' || event.state === 'dead') return event;
      progress.update(`Waiting for the event: ${event.state}, ${count(event.attemptCount, 'attempt')}…`);
    }
  });
}

function addRetry(events: Command, context: Context): void {
  const command = events
    .command('retry')
    .description('Try an event again now, or all dead events of a function.')
    .argument('[id]', 'the id of an event', eventId)
    .option(...functionOption)
    .action(async (id: string | undefined, { function: name }: Filter) => {
      if ((id === undefined) === (name === undefined))
        throw usageError('Name one event, or a function with `--function`, and not both.');
      const server = await context.server();
      if (id !== undefined) {
        const event = await server.answer(retryEvent({ client: server.client, path: { id } }));
        await context.printer.result(event, done(`The event of ${event.function} is tried again.`));
        return;
      }
      const retried = await total('Retrying', context, async () => {
        const query = { function: name ?? '', state: 'dead' } as const;
        const answer = await server.answer(retryEvents({ client: server.client, query }));
        return { done: answer.retried, more: answer.more };
      });
      const text =
        retried === 0
          ? `${name} has no dead events.`
          : `${count(retried, 'event')} of ${name} are tried again.`;
      await context.printer.result({ function: name, retried }, done(text));
    });
  withExamples(
    command,
    ['glambdar events retry 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55', 'one event'],
    ['glambdar events retry --function hello', 'all dead events of hello'],
  );
}

function addRemove(events: Command, context: Context): void {
  const command = events
    .command('rm')
    .description('Delete an event. If it runs, its attempt is not ended, and nothing is tried after it.')
    .argument('<id>', 'the id of an event', eventId)
    .option('-y, --yes', 'Do not ask.')
    .action(async (id: string, { yes }: { yes?: boolean }) => {
      const server = await context.server();
      await confirmed(context.host.ask, `Delete the event ${id}?`, yes);
      await server.done(deleteEvent({ client: server.client, path: { id } }));
      await context.printer.result({ id, status: 'deleted' }, done('Deleted the event.'));
    });
  withExamples(command, [
    'glambdar events rm 0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55 --yes',
    'deletes it without asking',
  ]);
}

function addPurge(events: Command, context: Context): void {
  const command = events
    .command('purge')
    .description('Delete all events of a function that do not run, or those in some states.')
    .requiredOption(...functionOption)
    .addOption(stateOption())
    .option('-y, --yes', 'Do not ask.')
    .action(async ({ function: name = '', state, yes }: Filter & { yes?: boolean }) => {
      const server = await context.server();
      const which = state === undefined ? 'all events' : `all ${state.join(' and ')} events`;
      await confirmed(context.host.ask, `Delete ${which} of ${name} at ${server.target.url}?`, yes);
      const deleted = await total('Deleting', context, async () => {
        const query = { function: name, state: (state ?? purgeable).join(',') };
        const answer = await server.answer(deleteEvents({ client: server.client, query }));
        return { done: answer.deleted, more: answer.more };
      });
      await context.printer.result(
        { function: name, deleted },
        done(`Deleted ${count(deleted, 'event')} of ${name}.`),
      );
    });
  withExamples(
    command,
    ['glambdar events purge --function hello --state dead --yes', 'forgets what was given up'],
    ['glambdar events purge --function hello --state queued failed --yes', 'drops what waits'],
  );
}

/** The server does a bounded part with each request, and says whether there is more. */
function total(
  what: string,
  context: Context,
  step: () => Promise<{ readonly done: number; readonly more: boolean }>,
): Promise<number> {
  return context.during(`${what} events…`, async (progress) => {
    for (let sum = 0; ;) {
      const { done: doneNow, more } = await step();
      sum += doneNow;
      if (!more) return sum;
      progress.update(`${what} events: ${sum} so far…`);
    }
  });
}

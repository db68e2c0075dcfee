import type { Server } from '../api/server.js';
import type { Context } from '../context.js';
import { CommandError } from '../errors/command-error.js';
import { follow } from '../streams/follow.js';
import { logLineView, type LogLine } from './log-line.js';
import type { LogQuery } from './log-pages.js';

/** Prints each line as the function prints it, until it is deleted or the person has enough. */
export async function followLog(
  server: Server,
  name: string,
  fields: LogQuery,
  { printer, host }: Pick<Context, 'printer' | 'host'>,
): Promise<void> {
  const query = new URLSearchParams({ follow: 'true' });
  for (const [key, value] of Object.entries(fields)) query.set(key, String(value));
  const events = follow(server, host, `/logs/${name}?${query.toString()}`, (text) => {
    printer.remark(text);
  });
  for await (const { event, data } of events) {
    const value: unknown = JSON.parse(data);
    if (event === 'line') await printer.item(value, logLineView(value as LogLine));
    else if (event === 'dropped')
      printer.remark(
        `${(value as { lines: number }).lines} lines are missing here: they came faster than they were read.`,
      );
    else if (event === 'end' && isOver((value as { reason: string }).reason, name)) {
      printer.remark(`${name} is deleted.`);
      return;
    }
  }
}

/** Whether nothing more can come; what the key does not allow any more is an error. */
function isOver(reason: string, name: string): boolean {
  const refusals: Readonly<Partial<Record<string, string>>> = {
    revoked: 'Your key was revoked.',
    expired: 'Your key has expired.',
    forbidden: `Your key does not include the log of ${name} any more.`,
    'key-needed': 'The server needs a key now.',
  };
  const refusal = refusals[reason];
  if (refusal !== undefined)
    throw new CommandError('notAllowed', refusal, 'Run `glambdar login URL` with another key.');
  return reason === 'deleted';
}

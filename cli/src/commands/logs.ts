import { Option } from 'commander';
import { functionName, ownFunctionArgument, invocationId } from '../arguments/names.js';
import { wholeNumber } from '../arguments/numbers.js';
import { withExamples, type AddCommand } from '../command.js';
import { functionHere } from '../function-file/function-here.js';
import type { Context } from '../context.js';
import { followLog as follow } from '../logs/follow-log.js';
import { logLinesView } from '../logs/log-line.js';
import { newestLines, type LogQuery } from '../logs/log-pages.js';

interface LogsOptions {
  readonly follow?: true;
  readonly lines?: number;
  readonly since?: string;
  readonly until?: string;
  readonly level?: NonNullable<LogQuery['level']>;
  readonly contains?: string;
  readonly invocation?: string;
}

const defaultLines = 100;
const mostLines = 10_000;

export const addLogs: AddCommand = (program, context) => {
  const command = program
    .command('logs')
    .description('Show what a function printed, newest last.')
    .argument('[name]', ownFunctionArgument, functionName)
    .option('-f, --follow', 'Go on with each line as it is printed, until Ctrl-C.')
    .option(
      '-n, --lines <number>',
      `How many lines at most: ${defaultLines}, or ${mostLines} with --since or --invocation.`,
      wholeNumber(1, mostLines),
    )
    .option('--since <time>', 'Only lines from this time on: 90s, 5m, 2h, 7d, or 2026-01-31T12:00:00Z.')
    .addOption(new Option('--until <time>', 'Only lines before this time.').conflicts('follow'))
    .addOption(
      new Option('--level <level>', 'Only lines of this level and those above it.').choices([
        'debug',
        'info',
        'warn',
        'error',
      ]),
    )
    .option('--contains <text>', 'Only lines with this text in them, letter for letter.')
    .option('--invocation <id>', 'Only lines of this call.', invocationId)
    .action(async (given: string | undefined, options: LogsOptions) => {
      const name = await functionHere(given, context.host);
      await (options.follow === true ? followLog(name, options, context) : showLog(name, options, context));
    });
  withExamples(
    command,
    ['glambdar logs hello', 'the newest 100 lines'],
    ['glambdar logs hello --since 5m --level error', 'what went wrong in the last five minutes'],
    ['glambdar logs hello --follow', 'each line as it is printed'],
  );
};

async function showLog(name: string, options: LogsOptions, context: Context): Promise<void> {
  const { since, invocation, lines } = options;
  const isBounded = since !== undefined || invocation !== undefined;
  const server = await context.server();
  const page = await newestLines(
    server,
    name,
    queryOf(options),
    lines ?? (isBounded ? mostLines : defaultLines),
  );
  const { printer } = context;
  await printer.result(page, logLinesView(page.lines));
  if (page.lines.length === 0 && printer.form === 'terminal') printer.remark('There are no such lines.');
  if (page.before !== null && isBounded && lines === undefined)
    printer.remark(
      `These are the newest ${mostLines} lines; there are more. Narrow it down with --until or --level.`,
    );
}

async function followLog(name: string, options: LogsOptions, context: Context): Promise<void> {
  const { lines } = options;
  const query = { ...queryOf(options), ...(lines === undefined ? {} : { limit: Math.min(lines, 1000) }) };
  await follow(await context.server(), name, query, context);
}

function queryOf({ since, until, level, contains, invocation }: LogsOptions): LogQuery {
  return {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(level === undefined ? {} : { level }),
    ...(contains === undefined ? {} : { contains }),
    ...(invocation === undefined ? {} : { invocation }),
  };
}

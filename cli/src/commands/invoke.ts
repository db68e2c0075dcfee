import type { IncomingMessage } from 'node:http';
import { callFunction } from '../calls/call-function.js';
import { callIdHeader, headerFields, isServersProblem } from '../calls/call-answer.js';
import { callData } from '../calls/call-data.js';
import { callRequest, headerField, methodName, textOf, type HeaderField } from '../calls/call-request.js';
import { AnswerWriter } from '../calls/answer-writer.js';
import { ServerRefusal, refusalOf } from '../api/problem.js';
import type { Server } from '../api/server.js';
import { functionName, ownFunctionArgument } from '../arguments/names.js';
import { withExamples, type AddCommand } from '../command.js';
import { functionHere } from '../function-file/function-here.js';
import type { Context } from '../context.js';
import { CommandError, Interrupted } from '../errors/command-error.js';
import { safeLine } from '../terminal/safe-text.js';
import { done, words } from '../terminal/sentence.js';
import type { Screen } from '../terminal/view.js';

interface InvokeOptions {
  readonly data?: string;
  readonly path?: string;
  readonly method?: string;
  readonly header?: readonly HeaderField[];
  readonly include?: true;
  readonly fail?: true;
  readonly async?: true;
}

export const addInvoke: AddCommand = (program, context) => {
  const command = program
    .command('invoke')
    .description('Call a function and write the body of its answer, as it is, to standard output.')
    .argument('[name]', ownFunctionArgument, functionName)
    .option('-d, --data <data>', 'What is sent: the text itself, @FILE, or - for standard input.')
    .option('-p, --path <path>', 'The path and query that the function gets, such as /orders/7?full=1.')
    .option(
      '-X, --method <method>',
      'The method; GET without data and POST with some, if left out.',
      methodName,
    )
    .option(
      '-H, --header <field>',
      'A header field, "Name: value"; may be given more than once.',
      headerField,
    )
    .option('-i, --include', 'Write the status and the header fields, too.')
    .option('-f, --fail', 'Exit with 1 if the function answers with a status of 400 or more.')
    .option('-a, --async', 'Hand the call over as an event, and do not wait for it.')
    .action(async (name: string | undefined, options: InvokeOptions) =>
      invoke(await functionHere(name, context.host), options, context),
    );
  withExamples(
    command,
    ['glambdar invoke hello', 'calls it with GET'],
    [`glambdar invoke hello --data '{"name":"Ada"}'`, 'sends JSON with POST'],
    [
      'echo Ada | glambdar invoke hello --data - --include',
      'sends standard input, and shows the header of the answer',
    ],
    ['glambdar invoke hello --path /orders/7 --method PUT --data @order.json', 'sends a file'],
    [
      'glambdar invoke hello --data @order.json --async',
      'does not wait; `glambdar events` tells how it went',
    ],
  );
};

/** RFC 7240, section 4.1. */
const respondAsync: HeaderField = ['Prefer', 'respond-async'];

async function invoke(name: string, options: InvokeOptions, context: Context): Promise<void> {
  const { host } = context;
  const body = await callData(options.data, host);
  const { header, path } = options;
  const headers = options.async === true ? [...(header ?? []), respondAsync] : header;
  const method = options.method ?? (options.async === true ? 'POST' : undefined);
  const request = callRequest(name, {
    body,
    ...(headers === undefined ? {} : { headers }),
    ...(path === undefined ? {} : { path }),
    ...(method === undefined ? {} : { method }),
  });
  const server = await context.server();
  const response = await context.during(`Waiting for ${name}…`, () =>
    callFunction(server, request, host.interrupted),
  );
  try {
    if (isHandedOver(response)) await writeEvent(name, response, context);
    else await writeAnswer(name, response, server, options, context);
  } catch (error) {
    throw host.interrupted.aborted ? new Interrupted() : inWords(error);
  }
}

/** The server says so; an answer without it is the function's, of a server that knows no events. */
function isHandedOver({ statusCode, headers }: IncomingMessage): boolean {
  return statusCode === 202 && headers['preference-applied'] === 'respond-async';
}

async function writeEvent(name: string, response: IncomingMessage, { printer }: Context): Promise<void> {
  const event = parsed(await wholeBody(response)) as { readonly id?: unknown } | undefined;
  const id = String(event?.id);
  const how = `${name} will be called. How it went: \`glambdar events show ${id} --wait\``;
  const view = {
    onTerminal: (screen: Screen) => done(how).onTerminal(screen),
    inPipe: () => `${safeLine(id)}\n`,
  };
  await printer.result(event, view);
}

async function writeAnswer(
  name: string,
  response: IncomingMessage,
  server: Server,
  { include, fail }: InvokeOptions,
  { printer }: Context,
): Promise<void> {
  const { statusCode: status = 0, headers, httpVersion, statusMessage = '' } = response;
  const isProblem = status >= 400 && headers['content-type']?.startsWith('application/problem+json') === true;
  const whole = isProblem || printer.form === 'json' ? await wholeBody(response) : undefined;
  if (whole !== undefined) refuseProblem(name, response, whole, server);
  if (printer.form === 'json') {
    const text = textOf(whole ?? new Uint8Array());
    const coded = text ?? Buffer.from(whole ?? []).toString('base64');
    const answer = {
      status,
      invocationId: headers[callIdHeader],
      headers,
      body: coded,
      isBase64Encoded: text === undefined,
    };
    await printer.result(answer, words(''));
  } else {
    if (include === true) {
      const head = [
        `HTTP/${httpVersion} ${status} ${statusMessage}`,
        ...headerFields(response).map((field) => field.join(': ')),
      ];
      await printer.write(`${head.map(safeLine).join('\n')}\n\n`);
    }
    const writer = new AnswerWriter(printer);
    for await (const chunk of whole === undefined ? response : [whole])
      await writer.write(chunk as Uint8Array);
    await writer.end();
  }
  if (fail === true && status >= 400)
    throw new CommandError(
      'refused',
      `${name} answered with status ${status}.`,
      logHint(name, headers[callIdHeader]),
    );
}

/** What the server says where the function did not answer. */
function refuseProblem(name: string, response: IncomingMessage, body: Uint8Array, server: Server): void {
  const problem = parsed(body);
  if (!isServersProblem(response, problem)) return;
  const refusal = refusalOf(response.statusCode ?? 0, problem, server.target);
  const { invocationId, output } = refusal.problem;
  const printed = output === undefined || output === '' ? '' : `\nIt printed:\n${output.trimEnd()}`;
  // Of what the function does wrong, and not of a call that never reached it.
  const hasLog = refusal.status === 502 || refusal.status === 504;
  const hint = refusal.hint ?? (hasLog ? logHint(name, invocationId) : undefined);
  throw new ServerRefusal(refusal.status, refusal.problem, refusal.message + printed, hint);
}

function logHint(name: string, id: unknown): string {
  return `Its log: \`glambdar logs ${name}${typeof id === 'string' ? ` --invocation ${id}` : ''}\`.`;
}

async function wholeBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(body) ?? '');
  } catch {
    return undefined;
  }
}

function inWords(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET'
    ? new CommandError('refused', 'The answer ended before it was complete.')
    : error;
}

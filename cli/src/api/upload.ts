/** Sends an archive and says how far it is, which `fetch` cannot. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { CommandError, Interrupted } from '../errors/command-error.js';
import { refusalOf } from './problem.js';
import type { Server } from './server.js';

export interface Upload {
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly archive: { readonly bytes: number; read(): AsyncIterable<Uint8Array> };
}

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** How many bytes of the archive are on their way. */
  readonly onProgress: (sentBytes: number) => void;
  /** All is sent; what follows is the server's work. */
  readonly onSent: () => void;
}

/** Longer than a server builds and loads a function, with all its queues. */
const silenceMs = 30 * 60_000;

/** What the server answers, if it accepts it. It may answer before all is sent: then the rest stays here. */
export async function upload(
  server: Server,
  { path, fields, archive }: Upload,
  options: UploadOptions,
): Promise<unknown> {
  const boundary = `glambdar-${randomUUID()}`;
  const head = Buffer.from(fieldsOf(fields, boundary) + fileHead(boundary));
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const request = begin(server, path, options.signal, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
    'content-length': String(head.length + archive.bytes + tail.length),
  });
  const answered = answerTo(request);
  const connection = { isMade: false };
  request.once('socket', (socket) => {
    socket.once('connect', () => {
      connection.isMade = true;
    });
  });
  try {
    await send(request, answered, { head, archive, tail }, options);
    const response = await answered;
    return await bodyOf(response, server);
  } catch (error) {
    throw inWords(error, connection, server, options.signal);
  } finally {
    request.destroy();
  }
}

function begin(
  server: Server,
  path: string,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): ClientRequest {
  const url = server.url(path);
  const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
    method: 'PUT',
    agent: false,
    signal,
    headers: { ...server.headers(), ...headers, accept: 'application/json' },
  });
  request.setTimeout(silenceMs, () => request.destroy(new Error('no answer')));
  return request;
}

/** Kept apart from the sending: the answer may come, and the connection break, at any time. */
function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  // It is looked at when all is sent.
  answered.catch(() => undefined);
  return answered;
}

async function send(
  request: ClientRequest,
  answered: Promise<unknown>,
  {
    head,
    archive,
    tail,
  }: { readonly head: Buffer; readonly archive: Upload['archive']; readonly tail: Buffer },
  { onProgress, onSent }: UploadOptions,
): Promise<void> {
  const isOver = { value: false };
  const over = answered.finally(() => {
    isOver.value = true;
  });
  over.catch(() => undefined);
  const write = async (chunk: Uint8Array) => {
    if (!request.write(chunk)) await Promise.race([once(request, 'drain'), over]);
  };
  await write(head);
  let sentBytes = 0;
  for await (const chunk of archive.read()) {
    if (isOver.value) return;
    await write(chunk);
    onProgress((sentBytes += chunk.byteLength));
  }
  if (isOver.value) return;
  request.end(tail);
  onSent();
}

async function bodyOf(response: IncomingMessage, server: Server): Promise<unknown> {
  const body = parsed(await text(response));
  const { statusCode: status = 0 } = response;
  if (status < 200 || status > 299) throw refusalOf(status, body, server.target);
  return body;
}

function inWords(
  error: unknown,
  connection: { readonly isMade: boolean },
  server: Server,
  signal: AbortSignal,
): unknown {
  if (signal.aborted) return new Interrupted();
  if (error instanceof CommandError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (!connection.isMade) return server.unreachable(error);
  return new CommandError(
    'unreachable',
    `The connection to ${server.target.url} broke during the upload (${code ?? message}).`,
    'Whether it was published is not certain: `glambdar versions NAME` shows it. Deploying again is safe.',
  );
}

function fieldsOf(fields: Upload['fields'], boundary: string): string {
  return Object.entries(fields)
    .map(
      ([name, value]) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    )
    .join('');
}

function fileHead(boundary: string): string {
  return (
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="function.zip"\r\n` +
    'Content-Type: application/zip\r\n\r\n'
  );
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

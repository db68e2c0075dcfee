import { InvalidArgumentError } from 'commander';
import { usageError } from '../errors/command-error.js';

export type HeaderField = readonly [name: string, value: string];

export interface CallRequest {
  readonly method: string;
  /** Below the server's address, with its query. */
  readonly path: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array | undefined;
}

/** A parser of `Name: value`, for an option that may be given more than once. */
export function headerField(text: string, before: readonly HeaderField[] = []): readonly HeaderField[] {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(text) ?? [];
  if (name === undefined || value === undefined || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new InvalidArgumentError('Write it like "Name: value".');
  return [...before, [name, value]];
}

export function methodName(text: string): string {
  if (!/^[A-Za-z]{1,20}$/.test(text)) throw new InvalidArgumentError('It is a method of HTTP, such as PUT.');
  return text.toUpperCase();
}

/** Like curl: `GET` without data, `POST` with some. */
export function callRequest(
  name: string,
  given: {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: readonly HeaderField[];
    readonly body: Uint8Array | undefined;
  },
): CallRequest {
  const { path = '', headers = [], body } = given;
  const typed =
    body === undefined || headers.some(([field]) => field.toLowerCase() === 'content-type')
      ? headers
      : [...headers, ['content-type', typeOf(body)] as const];
  return {
    method: given.method ?? (body === undefined ? 'GET' : 'POST'),
    path: pathBelow(`/invoke/${name}`, path),
    headers: typed,
    body,
  };
}

/** What the function gets as its path; it never leads to another route. */
function pathBelow(route: string, path: string): string {
  if (path === '') return route;
  const { pathname, search } = new URL(`http://server${route}${/^[/?]/.test(path) ? '' : '/'}${path}`);
  if (pathname !== route && !pathname.startsWith(`${route}/`))
    throw usageError(`The path ${JSON.stringify(path)} leads out of the function.`, 'Leave out its "..".');
  return pathname + search;
}

function typeOf(body: Uint8Array): string {
  const text = textOf(body);
  if (text === undefined) return 'application/octet-stream';
  return isJson(text) ? 'application/json' : 'text/plain; charset=utf-8';
}

export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

import type { Pair } from '../../../parts/pair-rows.js';

export const callMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const;
export type CallMethod = (typeof callMethods)[number];

/** A call as a person writes it. */
export interface CallForm {
  readonly method: CallMethod;
  /** What follows `/invoke/:name`: path and query. */
  readonly path: string;
  readonly headers: readonly Pair[];
  readonly body: string;
}

/** A call that can be sent. */
export interface CallRequest {
  readonly url: string;
  readonly method: CallMethod;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

export interface ServerAddress {
  readonly origin: string;
  /** What precedes every path of the server; mostly empty. */
  readonly prefix: string;
}

/** What is wrong with the path, or with the header of this row. */
export interface CallFormError {
  readonly row?: number;
  readonly message: string;
}

export type CheckedCall = { readonly request: CallRequest } | { readonly errors: readonly CallFormError[] };

/** A browser sends no body with these. */
export function takesBody(method: CallMethod): boolean {
  return method !== 'GET' && method !== 'HEAD';
}

/** The request of a form, or all that is wrong with it. */
export function callRequestOf(functionName: string, form: CallForm, server: ServerAddress): CheckedCall {
  const headers = form.headers
    .map(({ name, value }, index) => ({ name: name.trim(), value: value.trim(), index }))
    .filter(({ name, value }) => name !== '' || value !== '');
  const headerErrors = headers.flatMap(({ name, value, index }): CallFormError[] => {
    const message = headerError(name, value);
    return message === undefined ? [] : [{ row: index, message }];
  });
  const url = urlOf(functionName, form.path, server);
  const pathErrors: CallFormError[] = 'message' in url ? [{ message: url.message }] : [];
  const errors = [...pathErrors, ...headerErrors];
  if (errors.length > 0 || 'message' in url) return { errors };
  const body = takesBody(form.method) && form.body !== '' ? form.body : undefined;
  const pairs = headers.map(({ name, value }) => [name, value] as const);
  return { request: { url: url.href, method: form.method, headers: pairs, body } };
}

/**
 * A browser resolves `..` before it sends anything: such a path would reach another route of the server, with what the
 * person who is signed in may do.
 */
function urlOf(
  functionName: string,
  path: string,
  { origin, prefix }: ServerAddress,
): { href: string } | { message: string } {
  const rest = path.trim();
  const base = `${prefix}/invoke/${functionName}`;
  if (rest !== '' && !/^[/?]/.test(rest)) return { message: 'A path begins with "/", a query with "?".' };
  if (/[\u0000-\u001f]/.test(rest)) return { message: 'A path is one line; write %0a for a line feed.' };
  if (rest.includes('#')) return { message: 'What follows "#" is never sent; write %23 for the character.' };
  const url = URL.parse(base + rest, origin);
  const isBelow = url !== null && url.origin === origin && url.pathname.startsWith(base);
  if (!isBelow || /(^|[\\/])(\.|%2e){1,2}([\\/]|$)/i.test(rest.split('?')[0] ?? '')) {
    return { message: 'Browsers resolve the segments "." and ".." before they send them; leave them out.' };
  }
  return { href: url.pathname + url.search };
}

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/** https://fetch.spec.whatwg.org/#forbidden-request-header: a browser leaves them out and says nothing. */
const keptByBrowsers = new Set(
  (
    'accept-charset accept-encoding access-control-request-headers access-control-request-method connection ' +
    'content-length cookie cookie2 date dnt expect host keep-alive origin referer set-cookie te trailer ' +
    'transfer-encoding upgrade via'
  ).split(' '),
);

function headerError(name: string, value: string): string | undefined {
  if (name === '') return 'This header needs a name.';
  if (!headerName.test(name)) return 'A header’s name has letters, digits and marks like "-", and no spaces.';
  if (!headerValue.test(value)) return 'A header’s value is one line of Latin letters; encode others.';
  if (keptByBrowsers.has(name.toLowerCase()) || /^(proxy|sec)-/i.test(name)) {
    return `Browsers do not let a page send ${name}; use the command line for that.`;
  }
  return undefined;
}

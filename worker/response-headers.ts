import type { HeaderValues } from '../src/ipc/protocol/messages.js';
import { stringify } from './primordials.js';

/** What the handler returned breaks a rule; the message says which. */
export class InvalidResult extends Error {}

/** Names in lower case. */
export type Headers = Map<string, string | string[]>;

const cookieName = 'set-cookie';
/** Most characters of a header's name that are repeated to its author. */
const maxShownLength = 64;

/**
 * The headers of an answer. A name twice is two lines where the handler gave a list of pairs, or a `Headers`, which
 * lists its cookies so; in an object, where it can only be two spellings, the later counts. Cookies always add up.
 */
export function headersOf(given: unknown): Headers {
  const headers: Headers = new Map();
  if (given === undefined || given === null) return headers;
  if (typeof given !== 'object') throw notHeaders();
  const isList = Symbol.iterator in given;
  for (const [givenName, value] of entriesOf(given)) {
    const name = String(givenName).toLowerCase();
    const lines = (Array.isArray(value) ? value : [value])
      .filter(isGiven)
      .map((line) => headerLine(name, line));
    const [line] = lines;
    // A header without a value is left out, as it is from JSON.
    if (line === undefined) continue;
    if (headers.has(name) && (isList || name === cookieName)) {
      headers.set(name, [...linesIn(headers, name), ...lines]);
    } else {
      headers.set(name, Array.isArray(value) ? lines : line);
    }
  }
  return headers;
}

/** Of a name that both have, the lines of several values count, as on AWS. */
export function addMultiValueHeaders(headers: Headers, given: unknown): void {
  for (const [name, lines] of headersOf(given)) headers.set(name, lines);
}

export function addCookies(headers: Headers, cookies: unknown): void {
  if (cookies === undefined || cookies === null) return;
  const given: readonly unknown[] | undefined = Array.isArray(cookies) ? cookies.filter(isGiven) : undefined;
  if (!given?.every((cookie) => typeof cookie === 'string')) {
    throw new InvalidResult("The function's cookies must be an array of strings.");
  }
  if (given.length > 0) headers.set(cookieName, [...linesIn(headers, cookieName), ...given]);
}

export function setTypeUnlessGiven(headers: Headers, type: string): void {
  if (!headers.has('content-type')) headers.set('content-type', type);
}

/** `fromEntries`, because a header may be called `__proto__`. */
export function headerValues(headers: Headers): HeaderValues {
  return Object.fromEntries(headers);
}

/**
 * A `Headers` or a `Map` gives its entries itself. (Naming the class would load all of fetch: 40 ms of a first call.)
 * That of `node-fetch` joins cookies by commas, which they may contain, and has them as they were in `raw()`.
 */
function entriesOf(given: object): [unknown, unknown][] {
  const { raw } = given as { readonly raw?: unknown };
  if (typeof raw === 'function') return Object.entries(Reflect.apply(raw, given, []) as object);
  if (!(Symbol.iterator in given)) return Object.entries(given);
  const entries: unknown[] = [...(given as Iterable<unknown>)];
  if (!entries.every(isPair)) throw notHeaders();
  return entries;
}

function isPair(entry: unknown): entry is [unknown, unknown] {
  return Array.isArray(entry) && entry.length === 2;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function linesIn(headers: Headers, name: string): string[] {
  const earlier = headers.get(name) ?? [];
  return typeof earlier === 'string' ? [earlier] : earlier;
}

function headerLine(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  if (value instanceof URL) return value.href;
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toUTCString();
  throw new InvalidResult(
    `The function's header ${stringify(name.slice(0, maxShownLength))} must be a string, a number, a boolean, a Date, a URL, or an array of these.`,
  );
}

function notHeaders(): InvalidResult {
  return new InvalidResult("The function's headers must be an object of names and values.");
}

import {
  maxCauseCodeLength,
  maxCauses,
  maxErrorMessageLength,
  maxErrorTypeLength,
  maxStackLength,
} from '../src/ipc/protocol/limits.js';
import type { FailureCause, FunctionFailure } from '../src/ipc/protocol/messages.js';

/**
 * What was thrown, and everything that caused it, as text. Anything can be thrown: null, a frozen object, a proxy or
 * getters that throw again; so every access is guarded, and this function itself never throws.
 */
export function describeFailure(thrown: unknown): FunctionFailure {
  const [first, ...others] = chainOf(thrown, maxCauses + 1);
  const described = describe(first.value);
  const causes = others.map(({ value }) => describe(value));
  return {
    errorType: described.errorType,
    errorMessage: withLastCause(described.errorMessage, causes.at(-1)?.errorMessage),
    stack: stackOfChain([first, ...others], [described, ...causes]),
    ...(causes.length === 0 ? {} : { causes: causes.map(asCause) }),
  };
}

interface Described extends FailureCause {
  readonly stack: string;
}

function describe(value: unknown): Described {
  const errorType = (attempt(() => typeOf(value)) ?? 'Error').slice(0, maxErrorTypeLength);
  const errorMessage = attempt(() => messageOf(value)) ?? 'The thrown value cannot be read.';
  const shown = errorMessage.slice(0, maxErrorMessageLength);
  return {
    errorType,
    errorMessage: shown,
    code: attempt(() => codeOf(value))?.slice(0, maxCauseCodeLength) ?? null,
    stack: (attempt(() => stackOf(value)) ?? `${errorType}: ${shown}`).slice(0, maxStackLength),
  };
}

function asCause({ errorType, errorMessage, code }: Described): FailureCause {
  return { errorType, errorMessage, code };
}

/** The error of `fetch` and many others says little, while its cause says what to do. Nothing is said twice. */
function withLastCause(message: string, last: string | undefined): string {
  if (last === undefined || message.includes(last)) return message;
  if (message === '') return last;
  const room = Math.max(maxErrorMessageLength / 2, maxErrorMessageLength - last.length) - separator.length;
  return `${message.slice(0, room)}${separator}${last}`.slice(0, maxErrorMessageLength);
}

const separator = ': ';

/** Each error has an equal share of the room; what one does not use goes to those after it. */
function stackOfChain(links: readonly ChainLink[], described: readonly Described[]): string {
  let room = maxStackLength;
  const texts = links.map((link, index) => {
    const share = Math.floor(room / (links.length - index)) - 1;
    const text = cutToLines(linkText(link, described[index]), share);
    room -= text.length + 1;
    return text;
  });
  return texts.join('\n');
}

function linkText({ depth, label }: ChainLink, described: Described | undefined): string {
  const { stack = '', code = null } = described ?? {};
  const text = `${label === '' ? '' : `[${label}]: `}${stack}${code === null ? '' : `\n    code: ${code}`}`;
  return depth === 0 ? text : text.replace(/^/gm, '  '.repeat(depth));
}

function cutToLines(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const lineEnd = text.lastIndexOf('\n', limit);
  return text.slice(0, lineEnd > 0 ? lineEnd : limit);
}

function attempt(read: () => unknown): string | undefined {
  try {
    const text = read();
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function isObject(thrown: unknown): thrown is Record<string, unknown> {
  return (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
}

function typeOf(thrown: unknown): unknown {
  if (!isObject(thrown)) return thrown === null ? 'null' : typeof thrown;
  const name = thrown['name'];
  return typeof name === 'string' && name !== '' ? name : thrown.constructor.name;
}

function messageOf(thrown: unknown): unknown {
  if (!isObject(thrown)) return String(thrown);
  const message = thrown['message'];
  return typeof message === 'string' ? message : JSON.stringify(thrown);
}

/** Such as `ECONNREFUSED`; a number from some database drivers. */
function codeOf(thrown: unknown): unknown {
  const code = isObject(thrown) ? thrown['code'] : undefined;
  return typeof code === 'number' ? String(code) : code === '' ? undefined : code;
}

function stackOf(thrown: unknown): unknown {
  return isObject(thrown) ? thrown['stack'] : undefined;
}

/** What was thrown, or one of its causes. */
interface ChainLink {
  readonly value: unknown;
  /** 0 for what was thrown. */
  readonly depth: number;
  /** Its relation to the one above it, as Node prints it with errors; empty for what was thrown. */
  readonly label: string;
}

/**
 * What was thrown, then its cause and the errors that it aggregates, each followed by its own: at most `limit`, none of
 * them twice. Getters and proxies may throw, or produce new causes for ever.
 */
function chainOf(thrown: unknown, limit: number): [ChainLink, ...ChainLink[]] {
  const first = { value: thrown, depth: 0, label: '' };
  const links: [ChainLink, ...ChainLink[]] = [first];
  const seen = new Set([thrown]);
  const waiting = directCausesOf(first, limit);
  for (let next = waiting.shift(); next && links.length < limit; next = waiting.shift()) {
    if (seen.has(next.value)) continue;
    seen.add(next.value);
    links.push(next);
    waiting.unshift(...directCausesOf(next, limit - links.length));
  }
  return links;
}

function directCausesOf({ value, depth }: ChainLink, limit: number): ChainLink[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = [
    // In the order of events: the last one is what everything started with.
    ...gathered(value, limit).map((error, index) => ({ value: error, label: `errors.${index}` })),
    ...(readMember(value, 'name') === 'SuppressedError' ? suppressed(value) : []),
    { value: readMember(value, 'cause'), label: 'cause' },
  ];
  return members.filter((member) => isCause(member.value)).map((member) => ({ ...member, depth: depth + 1 }));
}

/** The errors of an `AggregateError`, such as one for each address that a connection tried. */
function gathered(value: object, limit: number): unknown[] {
  const errors = readMember(value, 'errors');
  try {
    if (!Array.isArray(errors)) return [];
    return Array.from({ length: Math.min(errors.length, limit) }, (_, index) => readMember(errors, index));
  } catch {
    return [];
  }
}

function suppressed(value: object): { value: unknown; label: string }[] {
  return ['error', 'suppressed'].map((label) => ({ value: readMember(value, label), label }));
}

/** A function is how some libraries let you ask for the cause, and is not a cause itself. */
function isCause(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'function';
}

function readMember(value: object, member: string | number): unknown {
  try {
    return (value as Record<string | number, unknown>)[member];
  } catch {
    return undefined;
  }
}

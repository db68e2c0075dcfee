import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';

/** What a key may do. `admin` may do everything, and it alone sees keys and the audit log. */
export const scopes = [
  'functions:read',
  'functions:deploy',
  'functions:invoke',
  'functions:delete',
  'secrets:write',
  'metrics:read',
  'logs:read',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** Whether somebody who was given `held` may do what asks for `needed`. */
export function grants(held: readonly Scope[], needed: Scope): boolean {
  return held.includes(needed) || held.includes('admin');
}

/** Which functions somebody may see and touch, by their names. */
interface FunctionReach {
  /** False where it is all of them, those to come included. */
  readonly isLimited: boolean;
  includes(name: string): boolean;
}

export const everyFunction: FunctionReach = { isLimited: false, includes: () => true };

export const noFunction: FunctionReach = { isLimited: true, includes: () => false };

/** A function's name in which each `*` stands for any characters, or none. */
export const functionPattern = /^(?!.*\*\*)[A-Za-z0-9*][A-Za-z0-9_*-]{0,63}$/;

/** The functions that any of the patterns matches. Prepared once, because every call asks. */
export function reachOf(patterns: readonly string[]): FunctionReach {
  const names = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const matchers = patterns.filter((pattern) => pattern.includes('*')).map(matcherOf);
  return {
    isLimited: true,
    includes: (name) => names.has(name) || matchers.some((matches) => matches(name)),
  };
}

/** By search and not by a regular expression, which patterns of many stars would keep busy for years. */
function matcherOf(pattern: string): (name: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail))
      return false;
    const end = name.length - tail.length;
    let from = head.length;
    for (const part of rest) {
      const at = name.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  };
}

/** Who somebody is to the server, and what they may do. */
export interface Principal {
  /** Undefined if no key was needed, or none sent. */
  readonly keyId: string | undefined;
  /** The session that stands for the key, if they came by one. */
  readonly sessionId?: string | undefined;
  /** What they may do to the functions within their reach. */
  readonly scopes: readonly Scope[];
  /** The guard checks names in paths; a route that reaches functions in another way must respect it itself. */
  readonly reach: FunctionReach;
}

/** The caller of a server without keys: everybody may do everything. */
export const owner: Principal = { keyId: undefined, scopes: ['admin'], reach: everyFunction };

/** The caller of a public route who sent no valid credential. */
export const anonymous: Principal = { keyId: undefined, scopes: [], reach: noFunction };

/** Who sent a request, as far as the server has verified it. */
export interface Caller extends Principal {
  /** The client's own address, also behind a trusted proxy. */
  readonly address: string;
  /** Undefined if the request came through no trusted proxy. */
  readonly forwarded?: ForwardedUrl | undefined;
}

/** The start of the URL that a client called, as trusted proxies report it. */
export interface ForwardedUrl {
  readonly scheme: 'http' | 'https' | undefined;
  /** With its port unless that is the scheme's default. */
  readonly host: string | undefined;
  /** What proxies removed from the front of the path: empty, or `/` and more, without a trailing slash. */
  readonly prefix: string;
}

const callerKey = Symbol('caller');

type WithCaller = IncomingMessage & { [callerKey]?: Caller };

/** Only for the code that has authenticated the request. */
export function setCaller(request: IncomingMessage, caller: Caller): void {
  (request as WithCaller)[callerKey] = caller;
}

/** A request that was not authenticated is anonymous, from its connection's address. */
export function callerOf(request: IncomingMessage): Caller {
  return (request as WithCaller)[callerKey] ?? { ...anonymous, address: request.socket.remoteAddress ?? '' };
}

/** All who have shown no key where others need one, together. */
export const strangers = 'strangers';

/**
 * Whose share a caller uses of what everybody shares: that of their key, or of all strangers together, as nobody can tell
 * those apart for long. Undefined on a server without keys, where there is one caller, who may take everything.
 */
export function shareHolderOf({ keyId, scopes }: Pick<Principal, 'keyId' | 'scopes'>): string | undefined {
  return keyId ?? (scopes.length === 0 ? strangers : undefined);
}

/** The callers who use one share, in a sentence such as `Too many calls with your key are in flight`. */
export function ofShareHolder(holder: string | undefined): string {
  return holder === strangers ? 'without a key' : 'with your key';
}

/** Whether the caller may see what functions within its reach print, and stacks of their errors. */
export function seesOutput({ scopes }: Principal): boolean {
  return grants(scopes, 'logs:read');
}

/** Whether the caller may see details about the server itself. */
export function seesServer({ scopes, reach }: Principal): boolean {
  return !reach.isLimited && grants(scopes, 'functions:read');
}

/** Whether the caller may see who holds which key. */
export function seesKeys({ scopes, reach }: Principal): boolean {
  return !reach.isLimited && grants(scopes, 'admin');
}

/** Throws `FORBIDDEN`, in the same words whether the function exists or not. */
export function requireWithinReach({ reach }: Principal, name: string): void {
  if (!reach.includes(name)) throw outOfReach();
}

export function outOfReach(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'This key is limited to certain functions, and this is not one of them; use a key that includes it.',
  );
}

import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';
import { type FunctionReach, grants, noFunction, type Scope } from './permissions.js';

/** Who sent a request, as far as the server has made sure of it. */
export interface Caller {
  /** Id of the key that was shown; undefined where none was needed. */
  readonly keyId: string | undefined;
  /** The client's own address, also behind a trusted proxy. */
  readonly address: string;
  /** What it may do to the functions within its reach. */
  readonly scopes: readonly Scope[];
  /** A route that shows or changes functions by anything but the name in its path keeps to it itself. */
  readonly reach: FunctionReach;
  /** Undefined for a request that came through no trusted proxy. */
  readonly forwarded?: ForwardedUrl | undefined;
}

const callerKey = Symbol('caller');

type WithCaller = IncomingMessage & { [callerKey]?: Caller };

/** Only whoever has checked the request may say who sent it. */
export function setCaller(request: IncomingMessage, caller: Caller): void {
  (request as WithCaller)[callerKey] = caller;
}

/** A request that nobody has checked is from where its connection is from, and may nothing. */
export function callerOf(request: IncomingMessage): Caller {
  return (request as WithCaller)[callerKey] ?? unchecked(request);
}

function unchecked({ socket }: IncomingMessage): Caller {
  return { keyId: undefined, address: socket.remoteAddress ?? '', scopes: [], reach: noFunction };
}

/** Whether the caller may see what the functions within its reach print, and the stacks of what they throw. */
export function seesOutput({ scopes }: Caller): boolean {
  return grants(scopes, 'logs:read');
}

/** Whether the caller may see how the server itself is. */
export function seesServer({ scopes, reach }: Caller): boolean {
  return !reach.isLimited && grants(scopes, 'functions:read');
}

/** Throws `FORBIDDEN`, in the same words whether there is such a function or not. */
export function requireWithinReach({ reach }: Caller, name: string): void {
  if (!reach.includes(name)) throw outOfReach();
}

export function outOfReach(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'This key is limited to certain functions, and this is none of them; use a key that includes it.',
  );
}

/** The begin of the URL by which a client called, as far as trusted proxies on the way have said it. */
export interface ForwardedUrl {
  readonly scheme: 'http' | 'https' | undefined;
  /** With its port where that is not the scheme's own. */
  readonly host: string | undefined;
  /** What proxies have taken off the front of the path: empty, or `/` and more, without a slash at its end. */
  readonly prefix: string;
}

import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';
import { everyFunction, type FunctionReach, grants, noFunction, type Scope } from './permissions.js';

/** Somebody whom the server knows, and what they may do. */
export interface Principal {
  /** Id of the key; undefined where none was needed, or none shown. */
  readonly keyId: string | undefined;
  /** What they may do to the functions within their reach. */
  readonly scopes: readonly Scope[];
  /** A route that shows or changes functions by anything but the name in its path keeps to it itself. */
  readonly reach: FunctionReach;
}

/** Who asks as long as the server has no key: everybody owns it. */
export const owner: Principal = { keyId: undefined, scopes: ['admin'], reach: everyFunction };

/** Who has shown nothing that the server knows. */
export const anonymous: Principal = { keyId: undefined, scopes: [], reach: noFunction };

/** Who sent a request, as far as the server has made sure of it. */
export interface Caller extends Principal {
  /** The client's own address, also behind a trusted proxy. */
  readonly address: string;
  /** Undefined for a request that came through no trusted proxy. */
  readonly forwarded?: ForwardedUrl | undefined;
}

/** The beginning of the URL that a client called, as far as trusted proxies on the way say it. */
export interface ForwardedUrl {
  readonly scheme: 'http' | 'https' | undefined;
  /** With its port where that is not the scheme's own. */
  readonly host: string | undefined;
  /** What proxies have taken off the front of the path: empty, or `/` and more, without a slash at its end. */
  readonly prefix: string;
}

const callerKey = Symbol('caller');

type WithCaller = IncomingMessage & { [callerKey]?: Caller };

/** Only whoever has checked the request may say who sent it. */
export function setCaller(request: IncomingMessage, caller: Caller): void {
  (request as WithCaller)[callerKey] = caller;
}

/** A request that nobody has checked is a stranger's, from where its connection is from. */
export function callerOf(request: IncomingMessage): Caller {
  return (request as WithCaller)[callerKey] ?? { ...anonymous, address: request.socket.remoteAddress ?? '' };
}

/** Whether the caller may see what the functions within its reach print, and the stacks of what they throw. */
export function seesOutput({ scopes }: Principal): boolean {
  return grants(scopes, 'logs:read');
}

/** Whether the caller may see how the server itself is. */
export function seesServer({ scopes, reach }: Principal): boolean {
  return !reach.isLimited && grants(scopes, 'functions:read');
}

/** Throws `FORBIDDEN`, in the same words whether there is such a function or not. */
export function requireWithinReach({ reach }: Principal, name: string): void {
  if (!reach.includes(name)) throw outOfReach();
}

export function outOfReach(): DomainError {
  return new DomainError(
    'FORBIDDEN',
    'This key is limited to certain functions, and this is none of them; use a key that includes it.',
  );
}

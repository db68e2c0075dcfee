import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CorsRule } from '../../functions/function.js';
import type { HeaderValues } from '../../ipc/protocol/messages.js';

/**
 * What the server says for a function with the setting `cors` (https://fetch.spec.whatwg.org/#http-cors-protocol). Names of
 * headers are in lower case. The browser compares and refuses; the server only tells it the rule.
 */
type Headers = Readonly<Record<string, string>>;

/** In a list of the rule. */
const any = '*';

/** Whether pages of this origin, as the browser writes it, may call. */
export function allowsOrigin({ origins }: CorsRule, origin: string): boolean {
  return origins.includes(any) || origins.includes(origin);
}

/** A question that the browser asks before it sends what a page wants to send; any other OPTIONS is the function's. */
export function isPreflight({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}

/** What the answer to a preflight request says. */
export function preflightHeaders(rule: CorsRule, asked: IncomingHttpHeaders): Headers {
  const vary = 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers';
  const { origin = '' } = asked;
  if (!allowsOrigin(rule, origin)) return { vary };
  return {
    ...originHeaders(rule, origin),
    vary,
    ...listHeader('access-control-allow-methods', rule.methods, asked['access-control-request-method']),
    ...listHeader('access-control-allow-headers', rule.headers, asked['access-control-request-headers']),
    'access-control-max-age': String(rule.maxAgeSeconds),
    // Asked for where a public page calls a server in a private network (https://wicg.github.io/private-network-access/).
    ...(asked['access-control-request-private-network'] === 'true' && {
      'access-control-allow-private-network': 'true',
    }),
  };
}

/** What every other answer says, errors among them. */
export function answerHeaders(rule: CorsRule, { origin = '' }: IncomingHttpHeaders): Headers {
  // One answer for all may be kept by a cache for all; where origins differ, each has its own.
  const vary: Headers = rule.origins.includes(any) ? {} : { vary: 'Origin' };
  if (!allowsOrigin(rule, origin)) return vary;
  return {
    ...originHeaders(rule, origin),
    ...vary,
    ...(rule.exposedHeaders.length > 0 && {
      'access-control-expose-headers': rule.exposedHeaders.join(', '),
    }),
  };
}

/** A function's headers with the server's word on who may read them in place of its own. */
export function withCors(own: HeaderValues, { vary, ...ours }: Headers): HeaderValues {
  const others = Object.entries(own).filter(([name]) => !name.startsWith('access-control-'));
  return {
    ...Object.fromEntries(others),
    ...ours,
    ...(vary !== undefined && { vary: varyOf(own['vary'], vary) }),
  };
}

function varyOf(own: HeaderValues[string] | undefined, ours: string): string {
  return [own ?? [], ours].flat().join(', ');
}

function originHeaders({ origins, credentials }: CorsRule, origin: string): Headers {
  return {
    'access-control-allow-origin': origins.includes(any) ? any : origin,
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
  };
}

/** Names in methods and headers of HTTP, with commas between. */
const names = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/;

/**
 * In place of "any" it says what the browser asks for, because a browser takes `*` for a name where cookies are sent along,
 * and never for `Authorization`.
 */
function listHeader(name: string, allowed: readonly string[], asked: string | undefined): Headers {
  const value = allowed.includes(any) ? asked : allowed.join(', ');
  return value !== undefined && names.test(value) ? { [name]: value } : {};
}

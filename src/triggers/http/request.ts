import { Inject, Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { showsKey } from '../../auth/schemes/session-authenticator.js';
import { type ForwardedUrl, ofShareHolder } from '../../common/auth/caller.js';
import { withoutSessions } from '../../common/auth/session-cookie.js';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { readRequestBody } from '../../common/request-body/read-request-body.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { Payload } from '../../invocation/invocation.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import type { HeaderValues } from '../../ipc/protocol/messages.js';

/**
 * Not the function's business: headers that speak of this one connection (RFC 9110, section 7.6.1), and what the server
 * says in its own words.
 */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-prefix',
  // Of this server alone, whether a key was needed or not.
  'x-glambdar-key',
  'x-glambdar-csrf',
  // What only the server says of an event.
  'x-glambdar-event-id',
  'x-glambdar-event-source',
  'x-glambdar-attempt',
  'x-glambdar-schedule',
  'x-glambdar-scheduled-time',
  // Set anew: the call itself is the parent of what the function does.
  'traceparent',
  'tracestate',
]);

/** What every key ends in; how it begins may be written in capitals too. */
const secretLength = 43;
/** What only a proxy has to say, besides everything that begins with `x-forwarded`; applications believe it. */
const ofProxies = new Set([
  'front-end-https',
  'x-original-for',
  'x-original-host',
  'x-original-method',
  'x-original-path',
  'x-original-proto',
  'x-original-uri',
  'x-original-url',
  'x-rewrite-url',
  'x-scheme',
  'x-script-name',
  'x-url-scheme',
]);

export interface HeadersContext {
  /** Path of the function's root at this server: empty at a host of its own. */
  readonly root: string;
  /** Whether the caller came in by a key. */
  readonly hasShownKey: boolean;
  readonly trace: TraceContext;
  /** The client's address, as the server knows it. */
  readonly sourceIp: string;
  /** Undefined for a request that came through no trusted proxy: then nothing is believed of what it says of any. */
  readonly forwarded: ForwardedUrl | undefined;
}

/**
 * The headers that the function sees: lower-case names, repeated ones joined as HTTP allows. A key that let the caller
 * into the server is the server's; a function that saw it could act as its caller. The `x-forwarded-*` of the event are
 * the server's own words, so that a framework may trust them: the client's address, and the URL that leads to the
 * function's root.
 */
export function forwardedHeaders(received: IncomingHttpHeaders, context: HeadersContext): HeaderValues {
  const { trace, forwarded: outer } = context;
  // A plain object, which is turned into JSON several times as fast as one without a prototype.
  const forwarded: Record<string, string | readonly string[]> = {};
  for (const name in received) {
    const value = received[name];
    if (value === undefined || notForwarded.has(name)) continue;
    if (!outer && (name.startsWith('x-forwarded') || ofProxies.has(name))) continue;
    if (name === 'authorization' && context.hasShownKey && holdsShownKey(received)) continue;
    forwarded[name] = value;
  }
  if (received.cookie !== undefined) {
    const cookie = withoutSessions(received.cookie);
    if (cookie === undefined) Reflect.deleteProperty(forwarded, 'cookie');
    else forwarded['cookie'] = cookie;
  }
  const scheme = outer?.scheme ?? 'http';
  const host = outer?.host ?? received.host;
  forwarded['x-forwarded-for'] = context.sourceIp;
  forwarded['x-forwarded-proto'] = scheme;
  if (host !== undefined && host !== '') forwarded['x-forwarded-host'] = host;
  forwarded['x-forwarded-port'] = portOf(host ?? '', scheme);
  forwarded['x-forwarded-prefix'] = `${outer?.prefix ?? ''}${context.root}`;
  forwarded['traceparent'] = trace.traceparent;
  if (trace.tracestate !== undefined) forwarded['tracestate'] = trace.tracestate;
  return forwarded;
}

/** A key in `X-Glambdar-Key`, or a session, leaves `Authorization` to the function, unless a key stands there as well. */
function holdsShownKey(received: IncomingHttpHeaders): boolean {
  const { authorization, 'x-glambdar-key': key } = received;
  if (typeof key !== 'string') return showsKey(received);
  const secret = key.slice(-secretLength);
  return secret !== '' && authorization?.includes(secret) === true;
}

function portOf(host: string, scheme: 'http' | 'https'): string {
  return /:(\d+)$/.exec(host)?.[1] ?? (scheme === 'https' ? '443' : '80');
}

/** A call's place in a trace (https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  readonly traceId: string;
  /** Names the call itself as the parent of whatever the function does: what it and the caller are given. */
  readonly traceparent: string;
  /** As it came; undefined where a new trace begins, because what vendors wrote is about another one. */
  readonly tracestate: string | undefined;
}

/** Later versions may go on after another dash; version `ff` is forbidden. */
const traceparentPattern = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const noTrace = '0'.repeat(32);
const noParent = '0'.repeat(16);
const sampledBit = 0x01;

/**
 * Goes on with the caller's trace, or begins one, not sampled, where the caller sent none or none that is valid. The
 * ids are the call's own: 62 random bits of the invocation id name its span, and a trace that begins here has the
 * whole of it for its id, so whoever has the one finds the other, and nothing random has to be drawn.
 */
export function traceContextOf(headers: IncomingHttpHeaders, invocationId: string): TraceContext {
  const spanId = invocationId.slice(19, 23) + invocationId.slice(24);
  const caller = parse(headers['traceparent']);
  if (caller) {
    const { traceId, flags } = caller;
    return {
      traceId,
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      tracestate: textOf(headers['tracestate']),
    };
  }
  // Without its dashes.
  const traceId = invocationId.slice(0, 8) + invocationId.slice(9, 13) + invocationId.slice(14, 18) + spanId;
  return { traceId, traceparent: `00-${traceId}-${spanId}-00`, tracestate: undefined };
}

function parse(header: string | string[] | undefined): { traceId: string; flags: string } | undefined {
  const match = typeof header === 'string' ? traceparentPattern.exec(header) : null;
  if (!match) return undefined;
  const [, version, traceId = '', parentId, flags = '', rest] = match;
  if (version === '00' && rest !== undefined) return undefined;
  if (traceId === noTrace || parentId === noParent) return undefined;
  // The other flags are reserved: whoever does not know them must not pass them on.
  return { traceId, flags: (Number.parseInt(flags, 16) & sampledBit) === 0 ? '00' : '01' };
}

/** Node joins repeated headers as HTTP allows, which is what `tracestate` asks for. */
function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

const retryAfterMs = 1000;

/** Reads the bodies of calls, and bounds the memory that they take: of all calls together, and of each share's. */
@Injectable()
export class RequestBodies {
  private readonly limitBytes: number;
  private readonly budget: SharedBudget;

  constructor(
    @Inject(invocationSettings.config.KEY) { requestBytes, bufferedRequestBytes }: InvocationSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.limitBytes = requestBytes;
    const share = Math.max(requestBytes, shareOf(bufferedRequestBytes, keyPercent));
    this.budget = new SharedBudget({ total: bufferedRequestBytes, share });
  }

  /** Bytes of bodies that are held now: those that have arrived, not those that were announced. */
  get heldBytes(): number {
    return this.budget.used;
  }

  /**
   * Holds what arrives as it arrives; whoever receives the body discards it. Rejects as `readRequestBody` does, and with
   * `OVERLOADED` when the server holds as many bytes as it may, with `RATE_LIMITED` when the holder of this share does; nothing is held then.
   */
  async receive(
    request: IncomingMessage,
    holder: string | undefined,
    cancellation: Cancellation,
    limitBytes = this.limitBytes,
  ): Promise<Payload> {
    let heldBytes = 0;
    const letGo = () => {
      if (heldBytes > 0) this.budget.giveBack(holder, heldBytes);
    };
    try {
      const content = await readRequestBody(request, {
        limitBytes,
        cancellation,
        onBytes: (bytes) => {
          this.hold(holder, bytes);
          heldBytes += bytes;
        },
      });
      return new Payload(content, letGo);
    } catch (error) {
      letGo();
      throw error;
    }
  }

  private hold(holder: string | undefined, bytes: number): void {
    const shortage = this.budget.take(holder, bytes);
    if (shortage === undefined) return;
    throw shortage === 'share'
      ? new DomainError(
          'RATE_LIMITED',
          `Calls ${ofShareHolder(holder)} already hold as many bytes of request bodies as they may; send fewer or smaller ones at a time.`,
          { retryAfterMs },
        )
      : new DomainError('OVERLOADED', 'The server holds too many request bodies; try again later.', {
          retryAfterMs,
        });
  }
}

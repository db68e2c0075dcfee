import { Inject, Injectable } from '@nestjs/common';
import proxyAddr from 'proxy-addr';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ForwardedUrl } from '../../common/auth/caller.js';
import {
  type AddressSet,
  canonicalAddress,
  isLoopback,
  networkOf,
  parseAddressSet,
} from '../../common/network/host.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';

/** Where a request comes from. */
export class RequestSource {
  private ofThisMachine: boolean | undefined;
  private ofNetwork: string | undefined;

  constructor(
    /** The client's; the outermost trusted proxy's if that does not say. Empty if the connection is gone. */
    readonly address: string,
    /** How many trusted proxies it passed in a row before this server. */
    readonly proxies: number,
  ) {}

  get isLoopback(): boolean {
    return (this.ofThisMachine ??= isLoopback(this.address));
  }

  /** What limits count in place of the address. */
  get network(): string {
    return (this.ofNetwork ??= networkOf(this.address));
  }
}

interface Peer {
  readonly source: RequestSource;
  readonly isTrusted: boolean;
}

/** The proxies that the operator trusts to say where a request comes from and which URL its client called. */
@Injectable()
export class TrustedProxies {
  private readonly isTrusted: AddressSet;
  /** A connection's address is parsed once, however many requests it carries. */
  private readonly peers = new WeakMap<Socket, Peer>();

  constructor(@Inject(authSettings.config.KEY) { trustedProxies }: AuthSettings) {
    const trusted = parseAddressSet(trustedProxies);
    if (!trusted) throw new Error('The list of trusted proxies was not checked.');
    this.isTrusted = trusted;
  }

  sourceOf(request: IncomingMessage): RequestSource {
    const { source, isTrusted } = this.peerOf(request.socket);
    return isTrusted ? this.forwardedSource(request, source.address) : source;
  }

  /** The URL that the client called, as trusted proxies report it; undefined without any. */
  forwardedUrlOf(request: IncomingMessage, { proxies } = this.sourceOf(request)): ForwardedUrl | undefined {
    return proxies > 0 ? forwardedUrl(request.headers, proxies) : undefined;
  }

  private peerOf(socket: Socket): Peer {
    const known = this.peers.get(socket);
    if (known) return known;
    const address = canonicalAddress(socket.remoteAddress ?? '') ?? '';
    const peer = { source: new RequestSource(address, 0), isTrusted: this.isTrusted(address) };
    this.peers.set(socket, peer);
    return peer;
  }

  /**
   * Each trusted proxy appends to `X-Forwarded-For` the address it got the request from. What stands left of the first
   * address that is not trusted, anybody may have written. An entry that is no address counts as unknown.
   */
  private forwardedSource(request: IncomingMessage, nearest: string): RequestSource {
    if (hasEmptyEntry(request.headers['x-forwarded-for'])) return new RequestSource(nearest, 1);
    const isTrusted = (hop: string, index: number) => index === 0 || this.isTrusted(addressIn(hop));
    const [, ...hops] = proxyAddr.all(request, isTrusted);
    // Only the last may be untrusted, or no address.
    const last = addressIn(hops.at(-1) ?? '');
    if (last === '') return new RequestSource(addressIn(hops.at(-2) ?? nearest), Math.max(1, hops.length));
    return new RequestSource(last, this.isTrusted(last) ? hops.length + 1 : hops.length);
  }
}

/** Empty for what is no address. */
function addressIn(entry: string): string {
  return canonicalAddress(entry.trim()) ?? '';
}

/** An empty entry means that the proxy does not know who called. The library would use the entry before it instead. */
function hasEmptyEntry(forwardedFor: string | readonly string[] | undefined): boolean {
  return typeof forwardedFor === 'string' && /(?:^|,)\s*(?:,|$)/.test(forwardedFor);
}

const hostForm =
  /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
const portForm = /^\d{1,5}$/;
/** Segments that are plain in a URL. Two slashes at the start would make a host of what follows them. */
const prefixForm = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*+;=:@%-]+)+$/;
const longestPrefix = 512;

const defaultPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * The URL that the client called, as `proxies` trusted proxies in a row report it. Each may have appended one entry to a
 * list; what stands left of those, anybody may have written.
 */
export function forwardedUrl(headers: IncomingHttpHeaders, proxies: number): ForwardedUrl {
  const outermost = (name: string) => entriesOf(headers, name, proxies)[0] ?? '';
  const scheme = outermost('x-forwarded-proto').toLowerCase();
  const isKnown = scheme === 'http' || scheme === 'https';
  const host = outermost('x-forwarded-host');
  const prefixes = entriesOf(headers, 'x-forwarded-prefix', proxies).map((one) => one.replace(/\/+$/, ''));
  const prefix = prefixes.join('');
  return {
    scheme: isKnown ? scheme : undefined,
    host: hostForm.test(host) ? withPort(host, outermost('x-forwarded-port'), scheme) : undefined,
    prefix: prefix.length <= longestPrefix && prefixForm.test(prefix) ? prefix : '',
  };
}

function entriesOf(headers: IncomingHttpHeaders, name: string, proxies: number): string[] {
  const value = headers[name];
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((entry) => entry.trim())
    .slice(-proxies);
}

/** Some proxies send the port separately from the host. */
function withPort(host: string, port: string, scheme: string): string {
  const isNamed = /:\d+$/.test(host);
  return isNamed || !portForm.test(port) || port === (defaultPorts[scheme] ?? port)
    ? host
    : `${host}:${port}`;
}

import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { cookieValues, sessionCookieName } from '../../common/auth/session-cookie.js';
import { Installation } from '../../common/installation/installation.js';
import { TrustedProxies } from '../http/trusted-proxies.js';

/** What a browser keeps a cookie for. */
interface CookiePlace {
  readonly name: string;
  readonly path: string;
  readonly isSecure: boolean;
}

/** The cookie in which a browser keeps its session of this server. */
@Injectable()
export class SessionCookie {
  private knownName: string | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly proxies: TrustedProxies,
  ) {}

  /** What a request has in the place of a session, in order: more than one is more than we have set. */
  valuesIn(request: IncomingMessage): readonly string[] {
    const { cookie } = request.headers;
    return cookie === undefined ? [] : cookieValues(cookie, this.placeOf(request).name);
  }

  /** A `Set-Cookie` that gives this session to the browser that has sent `request`, until `leftMs` have passed. */
  set(request: IncomingMessage, text: string, leftMs: number): string {
    return this.withAttributes(request, text, Math.max(0, Math.ceil(leftMs / 1000)));
  }

  /** A `Set-Cookie` that takes the session from the browser. */
  clear(request: IncomingMessage): string {
    return this.withAttributes(request, '', 0);
  }

  private withAttributes(request: IncomingMessage, value: string, maxAgeSeconds: number): string {
    const { name, path, isSecure } = this.placeOf(request);
    const secure = isSecure ? '; Secure' : '';
    return `${name}=${value}; HttpOnly; SameSite=Strict; Path=${path}; Max-Age=${maxAgeSeconds}${secure}`;
  }

  /**
   * Pages of the hosts beside the server's, such as functions' own, can give a browser cookies for all hosts of their domain. With this
   * prefix they cannot: browsers take such a cookie only over HTTPS, for the whole of the host that sets it.
   */
  private placeOf(request: IncomingMessage): CookiePlace {
    const { scheme, prefix = '' } = this.proxies.forwardedUrlOf(request) ?? {};
    // A semicolon would end the attribute.
    const path = prefix === '' || prefix.includes(';') ? '/' : prefix;
    const isSecure = scheme === 'https';
    return { name: isSecure && path === '/' ? `__Host-${this.name}` : this.name, path, isSecure };
  }

  /** The installation has its id only once the server has opened its directory. */
  private get name(): string {
    return (this.knownName ??= sessionCookieName(this.installation.node.id));
  }
}

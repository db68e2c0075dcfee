import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { cookieValues, sessionCookieName } from '../../common/auth/session-cookie.js';
import { Installation } from '../../common/installation/installation.js';
import { TrustedProxies } from '../http/trusted-proxies.js';

/** The cookie in which a browser keeps its session of this server. */
@Injectable()
export class SessionCookie {
  private knownName: string | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly proxies: TrustedProxies,
  ) {}

  /** What a request has in the place of a session, in order: more than one is more than we have set. */
  valuesIn({ headers: { cookie } }: IncomingMessage): readonly string[] {
    return cookie === undefined ? [] : cookieValues(cookie, this.name);
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
    const { scheme, prefix = '' } = this.proxies.forwardedUrlOf(request) ?? {};
    // A semicolon would end the attribute.
    const path = prefix === '' || prefix.includes(';') ? '/' : prefix;
    const secure = scheme === 'https' ? '; Secure' : '';
    return `${this.name}=${value}; HttpOnly; SameSite=Strict; Path=${path}; Max-Age=${maxAgeSeconds}${secure}`;
  }

  /** The installation has its id only once the server has opened its directory. */
  private get name(): string {
    return (this.knownName ??= sessionCookieName(this.installation.node.id));
  }
}

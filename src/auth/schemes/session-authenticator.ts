import { Injectable } from '@nestjs/common';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Principal } from '../../common/auth/caller.js';
import { safeMethods } from '../../common/auth/safe-methods.js';
import { KeyRing } from '../keys/key-ring.js';
import { SessionCookie } from '../sessions/session-cookie.js';
import { SessionRing } from '../sessions/session-ring.js';
import { isCsrfToken, type Session } from '../sessions/session.js';
import { Authenticator, RefusedCredential } from './authentication.js';

const csrfProblem = new RefusedCredential(
  'A request that changes something with a session needs the csrfToken of GET /session in the header X-Glambdar-CSRF.',
  'CSRF_TOKEN_INVALID',
);

/** A session that a request has shown. */
export interface ShownSession {
  readonly session: Session;
  /** The cookie itself. */
  readonly text: string;
}

/** A session in a cookie, as `POST /session` begins it. A key in a header takes precedence. */
@Injectable()
export class SessionAuthenticator extends Authenticator {
  override readonly instruction = 'In a browser, sign in at /ui.';

  constructor(
    private readonly sessions: SessionRing,
    private readonly keys: KeyRing,
    private readonly cookie: SessionCookie,
  ) {
    super();
  }

  override authenticate(request: IncomingMessage): Principal | RefusedCredential | undefined {
    // The usual call ends here.
    if (request.headers.cookie === undefined || showsKey(request.headers)) return undefined;
    const shown = this.shownIn(request);
    if (shown === undefined || shown instanceof RefusedCredential) return shown;
    const { session } = shown;
    const principal = this.keys.principalOf(session.keyId);
    if (!principal) return this.refused(request, ended);
    return csrfProblemOf(request, shown) ?? { ...principal, sessionId: session.id };
  }

  /** The session in the request's cookie; undefined if it has no such cookie. */
  shownIn(request: IncomingMessage): ShownSession | RefusedCredential | undefined {
    const [text, ...more] = this.cookie.valuesIn(request);
    if (text === undefined) return undefined;
    if (more.length > 0) return this.refused(request, ambiguous);
    const session = this.sessions.verify(text);
    return session ? { session, text } : this.refused(request, ended);
  }

  /** A cookie has no challenge. */
  override challenge(): undefined {
    return undefined;
  }

  private refused(request: IncomingMessage, message: string): RefusedCredential {
    return new RefusedCredential(message, 'UNAUTHENTICATED', { 'Set-Cookie': this.cookie.clear(request) });
  }
}

const ended = 'Your session has ended: sign in again.';
const ambiguous =
  'The request has more than one session cookie of this server: delete the cookies of this site, then sign in again.';

/** The session is valid; the page that sends the request has to show that it is one of ours. */
export function csrfProblemOf(
  request: IncomingMessage,
  { text }: ShownSession,
): RefusedCredential | undefined {
  const { method = '', headers } = request;
  const isTold = safeMethods.has(method) || isCsrfToken(headers['x-glambdar-csrf'], text);
  return isTold ? undefined : csrfProblem;
}

const keyInAuthorization = /^Bearer +glb_/i;

/** Any other `Authorization` beside a session is for the function that is called. */
export function showsKey({ authorization, 'x-glambdar-key': own }: IncomingHttpHeaders): boolean {
  return own !== undefined || (authorization !== undefined && keyInAuthorization.test(authorization));
}

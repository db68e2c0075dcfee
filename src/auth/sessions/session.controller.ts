import { Controller, Delete, Get, Header, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf, functionPattern, type Scope, scopes } from '../../common/auth/caller.js';
import { Public } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { PlainText } from '../../common/input/field-rules.js';
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { Clock } from '../../common/time/clock.js';
import { AccessControl } from '../http/access-control.js';
import type { ApiKey } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import type { Origin } from '../keys/key.service.js';
import { RefusedCredential } from '../schemes/authentication.js';
import { csrfProblemOf, SessionAuthenticator, type ShownSession } from '../schemes/session-authenticator.js';
import { SessionCookie } from './session-cookie.js';
import { SessionRing } from './session-ring.js';
import { csrfTokenOf } from './session.js';

/** The body of `POST /session`. */
class SignInBody {
  @PlainText(
    {
      pattern: /^[\x20-\x7e]+$/,
      minLength: 1,
      maxLength: 256,
      rule: 'a key, as it was shown when it was created',
    },
    { writeOnly: true, description: 'The key.', example: `glb_0123456789ab_${'x'.repeat(43)}` },
  )
  readonly key!: string;
}

class SessionKey {
  @ApiProperty({ example: '0123456789ab' })
  readonly id: string;

  @ApiProperty({ example: 'me' })
  readonly name: string;

  constructor({ id, name }: ApiKey) {
    this.id = id;
    this.name = name;
  }
}

/** What a request has shown of who sends it. */
interface Shown {
  readonly key: ApiKey | undefined;
  readonly session: ShownSession | undefined;
}

/** Who sends a request, and what they may do: what a page asks before it offers anything. */
class SessionResponse {
  @ApiProperty({ description: 'Whether the server knows who you are, or needs no key.', example: true })
  readonly signedIn: boolean;

  @ApiProperty({
    description: 'Whether requests need a key: from the first key on, and for good.',
    example: true,
  })
  readonly keysRequired: boolean;

  @ApiProperty({ type: SessionKey, nullable: true, description: 'The key that you signed in with, or sent.' })
  readonly key: SessionKey | null;

  @ApiProperty({
    enum: scopes,
    isArray: true,
    description: 'What you may do; `admin` may do everything.',
    example: ['functions:read'],
  })
  readonly scopes: readonly Scope[];

  @ApiProperty({
    type: 'array',
    items: { type: 'string', pattern: functionPattern.source },
    nullable: true,
    description: 'The functions that you are limited to; null: all functions, and the server itself.',
    example: null,
  })
  readonly functions: readonly string[] | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'When the session ends, or the key that you sent; null: never, or you are not signed in.',
    example: '2026-01-31T12:00:00.000Z',
  })
  readonly expiresAt: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'For the header `X-Glambdar-CSRF`, which requests of a session need if they change something; null without a session.',
    example: 'y'.repeat(43),
  })
  readonly csrfToken: string | null;

  constructor(keysRequired: boolean, { key, session }: Shown) {
    this.signedIn = key !== undefined || !keysRequired;
    this.keysRequired = keysRequired;
    this.key = key ? new SessionKey(key) : null;
    this.scopes = key ? key.scopes : keysRequired ? [] : ['admin'];
    this.functions = key?.functions ?? null;
    const expiresAt = session ? session.session.expiresAt : key?.expiresAt;
    this.expiresAt = expiresAt?.toISOString() ?? null;
    this.csrfToken = session ? csrfTokenOf(session.text) : null;
  }
}

/** Signing in and out in a browser. Public: who has no session yet must be able to begin one. */
@ApiTags('access')
@Controller('session')
export class SessionController {
  constructor(
    private readonly access: AccessControl,
    private readonly keys: KeyRing,
    private readonly sessions: SessionRing,
    private readonly shown: SessionAuthenticator,
    private readonly cookie: SessionCookie,
    private readonly clock: Clock,
  ) {}

  @Post()
  @Public()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'signIn',
    summary: 'Sign in with a key',
    description:
      'For browsers: answers with a cookie that stands for the key, until the key ends, you sign out, or twelve hours have passed. Programs send the key itself with each request.',
  })
  @ApiCreatedResponse({
    type: SessionResponse,
    description: 'You are signed in.',
    headers: { 'Set-Cookie': { description: 'The session.', schema: { type: 'string' } } },
  })
  @ApiProblem(401, 'UNAUTHENTICATED')
  @ApiProblem(429, 'RATE_LIMITED')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  async create(
    @JsonBody(SignInBody, { limitBytes: 1024 }) { key: text }: SignInBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SessionResponse> {
    const { key } = this.access.requireKey(request, response, text.trim());
    const former = this.sessionIn(request)?.session;
    const begun = await this.sessions.start(key, originOf(request, response, key.id), former);
    const leftMs = begun.session.expiresAt.getTime() - this.clock.wallTime().getTime();
    response.setHeader('Set-Cookie', this.cookie.set(request, begun.text, leftMs));
    return new SessionResponse(true, { key, session: begun });
  }

  @Get()
  @Public()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'getSession',
    summary: 'Who you are to the server',
    description: 'Always answers; `signedIn` is false if you have shown no valid key or session.',
  })
  @ApiOkResponse({ type: SessionResponse })
  show(@Req() request: Request, @Res({ passthrough: true }) response: Response): SessionResponse {
    const { keyId, sessionId } = callerOf(request);
    const key = keyId === undefined ? undefined : this.keys.get(keyId)?.key;
    const shown = this.shown.shownIn(request);
    if (shown instanceof RefusedCredential) response.setHeader('Set-Cookie', this.cookie.clear(request));
    const session = sessionId === undefined ? undefined : this.sessionIn(request);
    return new SessionResponse(this.keys.inForce, { key, session });
  }

  @Delete()
  @HttpCode(204)
  @Public()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'signOut',
    summary: 'Sign out',
    description: 'The session ends on the server, and the browser forgets the cookie.',
  })
  @ApiNoContentResponse({ description: 'You are signed out, or were not signed in.' })
  @ApiProblem(403, 'CSRF_TOKEN_INVALID')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  async end(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const shown = this.sessionIn(request);
    if (shown) {
      const problem = csrfProblemOf(request, shown);
      if (problem) throw new DomainError(problem.code, problem.message);
      await this.sessions.end(shown.session, originOf(request, response, shown.session.keyId));
    }
    response.setHeader('Set-Cookie', this.cookie.clear(request));
  }

  private sessionIn(request: Request): ShownSession | undefined {
    const shown = this.shown.shownIn(request);
    return shown instanceof RefusedCredential ? undefined : shown;
  }
}

function originOf(request: Request, response: Response, keyId: string): Origin {
  const requestId = response.getHeader('X-Request-Id');
  return {
    actor: keyId,
    requestId: typeof requestId === 'string' ? requestId : null,
    address: callerOf(request).address,
  };
}

import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { KeyNames } from '../common/auth/key-names.js';
import { StandingAccess } from '../common/auth/standing-access.js';
import { RateLimitDenials, UnauditedDenials } from '../common/counters.js';
import { AuditTrail } from '../common/audit/audit-trail.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { ServerNames } from '../common/network/server-names.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { authSettings, type AuthSettings } from './auth.settings.js';
import { AuditController } from './audit/audit.controller.js';
import { auditLine, StoredAuditTrail } from './audit/stored-audit-trail.js';
import { DenialLog } from './audit/denial-log.js';
import { AccessControl, AuthGuard } from './http/access-control.js';
import { EntryChecks, HostCheck } from './http/entry-checks.js';
import { parseAllowedHosts } from './http/allowed-hosts.js';
import { BindPolicy } from './http/bind-policy.js';
import { TrustedProxies } from './http/trusted-proxies.js';
import { StandingKeys } from './http/authorization.js';
import { HeldKeyNames } from './keys/held-key-names.js';
import { KeyRing } from './keys/key-ring.js';
import { KeyService } from './keys/key.service.js';
import { KeysController } from './keys/keys.controller.js';
import { RequestLimits } from './rate-limits/request-limits.js';
import { Authentication, type Authenticator } from './schemes/authentication.js';
import { BearerAuthenticator } from './schemes/bearer-authenticator.js';
import { SessionAuthenticator } from './schemes/session-authenticator.js';
import { SessionCookie } from './sessions/session-cookie.js';
import { type SessionLimits, SessionRing } from './sessions/session-ring.js';
import { SessionController } from './sessions/session.controller.js';
import { AuditStore, KeyStore, SessionStore } from './store/auth-stores.js';
import { AuthDatabase } from './store/sqlite/auth-database.js';
import { SqliteAuditStore, SqliteKeyStore, SqliteSessionStore } from './store/sqlite/sqlite-auth-stores.js';

/**
 * The schemes by which a request may show who sends it, in the order in which they are asked. A session makes way for a
 * key in a header, and bearer rejects whatever it takes for one: so sessions are first.
 */
const schemes = [SessionAuthenticator, BearerAuthenticator];

/** Browsers of one person, and of all. Nobody could choose better: one more only ends the oldest. */
const sessionLimits: SessionLimits = { perKey: 20, total: 1000 };

/** Keys, sessions, authentication, authorization, rate limits and the audit log. Global, because every route uses them. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(authSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
  ],
  controllers: [KeysController, SessionController, AuditController],
  providers: [
    {
      provide: AuthDatabase,
      inject: [Installation, authSettings.config.KEY],
      useFactory: (
        installation: Installation,
        { lockTimeoutMs, auditEntries: maxAuditEntries }: AuthSettings,
      ) => new AuthDatabase(() => installation.accessDatabase, { lockTimeoutMs, maxAuditEntries }),
    },
    RateLimitDenials,
    UnauditedDenials,
    RequestLimits,
    DenialLog,
    TrustedProxies,
    {
      provide: ServerNames,
      inject: [authSettings.config.KEY],
      useFactory: ({ allowedHosts }: AuthSettings) =>
        new ServerNames(parseAllowedHosts(allowedHosts)?.names ?? new Set()),
    },
    HostCheck,
    EntryChecks,
    ...schemes,
    {
      provide: Authentication,
      inject: schemes,
      useFactory: (...inOrder: Authenticator[]) => new Authentication(inOrder),
    },
    AccessControl,
    BindPolicy,
    {
      provide: KeyStore,
      inject: [AuthDatabase],
      useFactory: (database: AuthDatabase) => new SqliteKeyStore(database),
    },
    {
      provide: AuditStore,
      inject: [AuthDatabase],
      useFactory: (database: AuthDatabase) => new SqliteAuditStore(database),
    },
    {
      provide: SessionStore,
      inject: [AuthDatabase],
      useFactory: (database: AuthDatabase) => new SqliteSessionStore(database),
    },
    {
      provide: SessionRing,
      inject: [SessionStore, KeyRing, Clock, Log],
      useFactory: (store: SessionStore, keys: KeyRing, clock: Clock, log: Log) =>
        new SessionRing(store, keys, clock, sessionLimits, auditLine(log)),
    },
    SessionCookie,
    {
      provide: KeyRing,
      inject: [KeyStore, Clock, Log],
      useFactory: (store: KeyStore, clock: Clock, log: Log) => new KeyRing(store, clock, log),
    },
    {
      provide: KeyService,
      inject: [KeyStore, Clock, KeyRing, Log, authSettings.config.KEY],
      useFactory: (store: KeyStore, clock: Clock, ring: KeyRing, log: Log, { maxKeys }: AuthSettings) =>
        new KeyService(store, clock, maxKeys, auditLine(log), (key) => {
          ring.put(key);
        }),
    },
    { provide: AuditTrail, useClass: StoredAuditTrail },
    { provide: StandingAccess, useClass: StandingKeys },
    { provide: KeyNames, useClass: HeldKeyNames },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [
    BindPolicy,
    AccessControl,
    EntryChecks,
    RequestLimits,
    AuditTrail,
    RateLimitDenials,
    UnauditedDenials,
    StandingAccess,
    KeyNames,
    ServerNames,
    TrustedProxies,
  ],
})
export class AuthModule {}

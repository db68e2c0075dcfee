import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { StandingAccess } from '../common/access/standing-access.js';
import { RateRefusals } from '../common/access/rate-refusals.js';
import { UnauditedRefusals } from '../common/access/unaudited-refusals.js';
import { AuditTrail } from '../common/audit/audit-trail.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { sharesSettings } from '../common/shares/shares.settings.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { accessSettings, type AccessSettings } from './access.settings.js';
import { AuditController } from './audit/audit.controller.js';
import { auditLine } from './audit/audit-line.js';
import { Refusals } from './audit/refusals.js';
import { StoredAuditTrail } from './audit/stored-audit-trail.js';
import { AccessControl } from './door/access-control.js';
import { EntryChecks } from './door/entry-checks.js';
import { AccessGuard } from './door/access.guard.js';
import { Listening } from './door/listening.js';
import { StandingKeys } from './door/standing-keys.js';
import { KeyRing } from './key/key-ring.js';
import { KeyService } from './key/key.service.js';
import { KeysController } from './key/keys.controller.js';
import { RequestLimits } from './rate/request-limits.js';
import { AuditStore } from './store/audit-store.js';
import { KeyStore } from './store/key-store.js';
import { AccessDatabase } from './store/sqlite/access-database.js';
import { SqliteAuditStore } from './store/sqlite/sqlite-audit-store.js';
import { SqliteKeyStore } from './store/sqlite/sqlite-key-store.js';

/** Who may come in, and who did what. Global, because every route's changes are recorded here. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(accessSettings.config),
    ConfigModule.forFeature(sharesSettings.config),
    ClockModule,
  ],
  controllers: [KeysController, AuditController],
  providers: [
    {
      provide: AccessDatabase,
      inject: [Installation, accessSettings.config.KEY],
      useFactory: (
        installation: Installation,
        { lockTimeoutMs, auditEntries: maxAuditEntries }: AccessSettings,
      ) => new AccessDatabase(() => installation.accessDatabase, { lockTimeoutMs, maxAuditEntries }),
    },
    RateRefusals,
    UnauditedRefusals,
    RequestLimits,
    Refusals,
    AccessControl,
    EntryChecks,
    Listening,
    {
      provide: KeyStore,
      inject: [AccessDatabase],
      useFactory: (database: AccessDatabase) => new SqliteKeyStore(database),
    },
    {
      provide: AuditStore,
      inject: [AccessDatabase],
      useFactory: (database: AccessDatabase) => new SqliteAuditStore(database),
    },
    {
      provide: KeyRing,
      inject: [KeyStore, Clock, Log],
      useFactory: (store: KeyStore, clock: Clock, log: Log) => new KeyRing(store, clock, log),
    },
    {
      provide: KeyService,
      inject: [KeyStore, Clock, KeyRing, Log, accessSettings.config.KEY],
      useFactory: (store: KeyStore, clock: Clock, ring: KeyRing, log: Log, { maxKeys }: AccessSettings) =>
        new KeyService(store, clock, maxKeys, auditLine(log), (key) => {
          ring.put(key);
        }),
    },
    { provide: AuditTrail, useClass: StoredAuditTrail },
    { provide: StandingAccess, useClass: StandingKeys },
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [AccessControl, EntryChecks, AuditTrail, RateRefusals, UnauditedRefusals, StandingAccess],
})
export class AccessModule {}

import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { StandingAccess } from '../common/access/standing-access.js';
import { RateRefusals } from '../common/access/rate-refusals.js';
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

/** Opened before anything that asks it, closed after everything that writes to it. */
@Injectable()
export class AccessDatabaseHolder implements OnApplicationShutdown {
  readonly database: AccessDatabase;

  constructor(installation: Installation, @Inject(accessSettings.config.KEY) settings: AccessSettings) {
    this.database = AccessDatabase.open(installation.accessDatabase, {
      lockTimeoutMs: settings.lockTimeoutMs,
      maxAuditEntries: settings.auditEntries,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}

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
    AccessDatabaseHolder,
    RateRefusals,
    RequestLimits,
    Refusals,
    AccessControl,
    EntryChecks,
    Listening,
    {
      provide: KeyStore,
      inject: [AccessDatabaseHolder],
      useFactory: ({ database }: AccessDatabaseHolder) => new SqliteKeyStore(database),
    },
    {
      provide: AuditStore,
      inject: [AccessDatabaseHolder],
      useFactory: ({ database }: AccessDatabaseHolder) => new SqliteAuditStore(database),
    },
    {
      provide: KeyRing,
      inject: [KeyStore, Clock, Log],
      useFactory: (store: KeyStore, clock: Clock, log: Log) => KeyRing.load(store, clock, log),
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
  exports: [AccessControl, EntryChecks, AuditTrail, RateRefusals, StandingAccess],
})
export class AccessModule {}

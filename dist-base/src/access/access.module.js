function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { RateRefusals } from '../common/access/rate-refusals.js';
import { AuditTrail } from '../common/audit/audit-trail.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { accessSettings } from './access.settings.js';
import { AuditController } from './audit/audit.controller.js';
import { auditLine } from './audit/audit-line.js';
import { Refusals } from './audit/refusals.js';
import { StoredAuditTrail } from './audit/stored-audit-trail.js';
import { AccessControl } from './door/access-control.js';
import { AccessGuard } from './door/access.guard.js';
import { Listening } from './door/listening.js';
import { KeyRing } from './key/key-ring.js';
import { KeyService } from './key/key.service.js';
import { KeysController } from './key/keys.controller.js';
import { RequestLimits } from './rate/request-limits.js';
import { AuditStore } from './store/audit-store.js';
import { KeyStore } from './store/key-store.js';
import { AccessDatabase } from './store/sqlite/access-database.js';
import { SqliteAuditStore } from './store/sqlite/sqlite-audit-store.js';
import { SqliteKeyStore } from './store/sqlite/sqlite-key-store.js';
export class AccessDatabaseHolder {
    database;
    constructor(installation, settings){
        this.database = AccessDatabase.open(installation.accessDatabase, {
            lockTimeoutMs: settings.lockTimeoutMs,
            maxAuditEntries: settings.auditEntries
        });
    }
    async onApplicationShutdown() {
        await this.database.close();
    }
}
AccessDatabaseHolder = _ts_decorate([
    Injectable(),
    _ts_param(1, Inject(accessSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Installation === "undefined" ? Object : Installation,
        typeof AccessSettings === "undefined" ? Object : AccessSettings
    ])
], AccessDatabaseHolder);
export class AccessModule {
}
AccessModule = _ts_decorate([
    Global(),
    Module({
        imports: [
            ConfigModule.forFeature(accessSettings.config),
            ClockModule
        ],
        controllers: [
            KeysController,
            AuditController
        ],
        providers: [
            AccessDatabaseHolder,
            RateRefusals,
            RequestLimits,
            Refusals,
            AccessControl,
            Listening,
            {
                provide: KeyStore,
                inject: [
                    AccessDatabaseHolder
                ],
                useFactory: ({ database })=>new SqliteKeyStore(database)
            },
            {
                provide: AuditStore,
                inject: [
                    AccessDatabaseHolder
                ],
                useFactory: ({ database })=>new SqliteAuditStore(database)
            },
            {
                provide: KeyRing,
                inject: [
                    KeyStore,
                    Clock,
                    Log
                ],
                useFactory: (store, clock, log)=>KeyRing.load(store, clock, log)
            },
            {
                provide: KeyService,
                inject: [
                    KeyStore,
                    Clock,
                    KeyRing,
                    Log,
                    accessSettings.config.KEY
                ],
                useFactory: (store, clock, ring, log, { maxKeys })=>new KeyService(store, clock, maxKeys, auditLine(log), (key)=>{
                        ring.put(key);
                    })
            },
            {
                provide: AuditTrail,
                useClass: StoredAuditTrail
            },
            {
                provide: APP_GUARD,
                useClass: AccessGuard
            }
        ],
        exports: [
            AuditTrail,
            RateRefusals
        ]
    })
], AccessModule);

//# sourceMappingURL=access.module.js.map
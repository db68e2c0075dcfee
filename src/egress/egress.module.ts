import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { EgressService } from './egress.service.js';
import { egressSettings, entriesOf, type EgressSettings } from './egress.settings.js';
import { DnsNameResolver, NameResolver } from './name-resolver.js';

@Module({
  imports: [
    ConfigModule.forFeature(egressSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
  ],
  providers: [
    EgressService,
    {
      provide: NameResolver,
      inject: [egressSettings.config.KEY],
      useFactory: ({ dnsServers }: EgressSettings) => new DnsNameResolver(entriesOf(dnsServers)),
    },
  ],
  exports: [EgressService],
})
export class EgressModule {}

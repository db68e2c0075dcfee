import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  type INestApplication,
  Module,
} from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { NextFunction, Request, Response } from 'express';
import type { AddressInfo } from 'node:net';
import { EventWaiting } from '../../src/api/events/event-waiting.js';
import { EventsController } from '../../src/api/events/events.controller.js';
import { AuditTrail } from '../../src/common/audit/audit-trail.js';
import { AccessWatch } from '../../src/common/auth/access-watch.js';
import { type Caller, everyFunction, reachOf, type Scope, setCaller } from '../../src/common/auth/caller.js';
import { type AccessLoss, StandingAccess } from '../../src/common/auth/standing-access.js';
import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { DomainError } from '../../src/common/errors/domain-error.js';
import { Log } from '../../src/common/log/log.js';
import { Clock } from '../../src/common/time/clock.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { eventsSettings } from '../../src/events/events.settings.js';
import { KeptEvents } from '../../src/events/kept-events.js';
import { EventStore } from '../../src/events/store/event-store.js';
import { changeTo } from '../../src/functions/change-feed.js';
import { InvocationCounter } from '../../src/functions/invocation-counter.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { InMemoryFunctionStore } from '../fakes/in-memory-function-store.js';
import { InMemoryEventStore } from '../fakes/in-memory-event-store.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingAuditTrail } from '../fakes/recording-audit-trail.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { deployedFunction, settingsFor } from './builders/functions.js';

/** Access that a test takes away. */
export class TakenAccess extends StandingAccess {
  loss: AccessLoss | undefined;

  override async refresh(): Promise<void> {
    return;
  }

  override lossOf(): AccessLoss | undefined {
    return this.loss;
  }
}

@Catch(DomainError)
class CodeFilter implements ExceptionFilter<DomainError> {
  catch({ code, message }: DomainError, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (!response.destroyed) response.status(418).json({ code, detail: message });
  }
}

export interface EventsServer {
  readonly application: INestApplication;
  readonly url: string;
  readonly store: InMemoryEventStore;
  readonly feed: EventFeed;
  readonly clock: ManualClock;
  readonly access: TakenAccess;
  readonly waiting: EventWaiting;
  readonly registry: FunctionRegistry;
  readonly trail: RecordingAuditTrail;
}

/** The headers by which a request of a test says who it is from; without them it may do everything. */
export const scopesHeader = 'x-test-scopes';
export const reachHeader = 'x-test-reach';

function asTested(request: Request, _response: Response, next: NextFunction): void {
  const { [scopesHeader]: scopes, [reachHeader]: reach } = request.headers;
  setCaller(request, {
    keyId: 'key-1',
    scopes: typeof scopes === 'string' ? (scopes.split(',') as Scope[]) : ['admin'],
    reach: typeof reach === 'string' ? reachOf([reach]) : everyFunction,
    address: '192.0.2.7',
  } satisfies Caller);
  next();
}

/** The routes of events over real HTTP, on a store in memory in which nothing runs; two may wait at a time, one with the same key. */
export async function startEventsServer(functions: readonly string[]): Promise<EventsServer> {
  const clock = new ManualClock();
  const store = new InMemoryEventStore(clock);
  const log = new RecordingLog();
  const access = new TakenAccess();
  const trail = new RecordingAuditTrail();
  const counter = new InvocationCounter(new InMemoryFunctionStore(), clock, log);
  const registry = new FunctionRegistry(counter, clock, 100);
  for (const name of functions) registry.apply(changeTo({ ...deployedFunction({ name }), id: `f-${name}` }));

  @Module({
    controllers: [EventsController],
    providers: [
      KeptEvents,
      EventFeed,
      EventWaiting,
      AccessWatch,
      { provide: Clock, useValue: clock },
      { provide: Log, useValue: log },
      { provide: AuditTrail, useValue: trail },
      { provide: EventStore, useValue: store },
      { provide: StandingAccess, useValue: access },
      { provide: FunctionRegistry, useValue: registry },
      { provide: eventsSettings.config.KEY, useValue: { ...settingsFor(eventsSettings), waiters: 2 } },
      { provide: fairShareSettings.config.KEY, useValue: settingsFor(fairShareSettings) },
    ],
  })
  class TestModule {}

  const testing = await Test.createTestingModule({ imports: [TestModule] }).compile();
  const application = testing.createNestApplication();
  application.useLogger(false);
  application.use(asTested);
  application.useGlobalFilters(new CodeFilter());
  await application.listen(0, '127.0.0.1');
  const { port } = (application.getHttpServer() as { address(): AddressInfo }).address();
  return {
    application,
    url: `http://127.0.0.1:${port}`,
    store,
    feed: testing.get(EventFeed),
    clock,
    access,
    waiting: testing.get(EventWaiting),
    registry,
    trail,
  };
}

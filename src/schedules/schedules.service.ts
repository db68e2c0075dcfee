import { Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';
import type { EventId } from '../events/event.js';
import { EventService } from '../events/event.service.js';
import type { DeployedFunction, Schedule } from '../functions/function.js';
import { scheduleNotFound } from '../functions/schedule-name.js';
import { upcoming } from './due-times.js';
import { scheduledRequest } from './scheduled-request.js';
import { Scheduler } from './scheduler.js';

/** How many of the next times are shown. */
export const shownTimes = 5;

/** A schedule, and what it has done and will do. */
export interface ScheduleView {
  readonly functionName: string;
  readonly name: string;
  readonly definition: Schedule;
  /** When it is due next; empty while it is disabled. */
  readonly nextMs: readonly number[];
  /** The last due time that has passed, and the last event that it made; null before the first. */
  readonly last: { readonly dueMs: number; readonly eventId: EventId | null } | null;
}

/** Shows the schedules of functions, and runs them by hand. */
@Injectable()
export class SchedulesService {
  constructor(
    private readonly scheduler: Scheduler,
    private readonly events: EventService,
    private readonly clock: Clock,
  ) {}

  /** Throws `SCHEDULE_NOT_FOUND`. */
  find(deployed: DeployedFunction, name: string): ScheduleView {
    return this.view(deployed, name, definitionIn(deployed, name));
  }

  /** Makes an event now, also of a schedule that is disabled. Rejects with `SCHEDULE_NOT_FOUND`, and as `EventService.submit` does. */
  async run(deployed: DeployedFunction, name: string, keyId: string | undefined): Promise<EventId> {
    const definition = definitionIn(deployed, name);
    const dueMs = this.nowMs();
    const { id } = await this.events.submit({
      functionName: deployed.name,
      request: scheduledRequest(definition),
      source: { kind: 'schedule', schedule: name, dueMs, manual: true },
      keyId,
      orderingKey: undefined,
      idempotency: undefined,
    });
    return id;
  }

  private view(deployed: DeployedFunction, name: string, definition: Schedule): ScheduleView {
    const progress = this.scheduler.progressOf(deployed, name);
    const { sinceMs, lastDueMs, lastEventId } = progress ?? {
      sinceMs: this.nowMs(),
      lastDueMs: null,
      lastEventId: null,
    };
    const fromMs = Math.max(sinceMs, lastDueMs ?? sinceMs, this.nowMs());
    return {
      functionName: deployed.name,
      name,
      definition,
      nextMs: definition.enabled === false ? [] : upcoming(definition, sinceMs, fromMs, shownTimes),
      last: lastDueMs === null ? null : { dueMs: lastDueMs, eventId: lastEventId },
    };
  }

  private nowMs(): number {
    return this.clock.wallTime().getTime();
  }
}

/** Compared as own names: none of them is ever a member that every object has. */
function definitionIn({ settings }: DeployedFunction, name: string): Schedule {
  const definition = new Map(Object.entries(settings.schedules)).get(name);
  if (!definition) throw scheduleNotFound(name);
  return definition;
}

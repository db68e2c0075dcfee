import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';
import { EventRunner } from '../events/dispatch/event-runner.js';
import { EventDepths } from '../events/event-depths.js';
import { EventRoom } from '../events/event-room.js';
import { EventService } from '../events/event.service.js';
import type { QueueDepth } from '../events/store/event-store.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings, type MetricsSettings } from './metrics.settings.js';

interface NamedDepth extends QueueDepth {
  readonly name: string;
}

/** Work that nobody waits for: how much of it there is, and how it goes. */
@Injectable()
export class EventMetrics {
  constructor(
    metrics: MetricsRegistry,
    private readonly depths: EventDepths,
    room: EventRoom,
    private readonly registry: FunctionRegistry,
    service: EventService,
    runner: EventRunner,
    private readonly clock: Clock,
    @Inject(metricsSettings.config.KEY) private readonly settings: MetricsSettings,
  ) {
    metrics.readFrom(
      () => this.named(),
      [
        {
          type: 'gauge',
          name: 'glambdar_events_queued',
          help: 'Events that wait for an attempt, the first or another.',
          label: 'function',
          value: (named) => this.byFunction(named, ({ queued }) => queued),
        },
        {
          type: 'gauge',
          name: 'glambdar_events_dead',
          help: 'Events that are dead and are kept until somebody tries them again or deletes them, or their time has passed.',
          label: 'function',
          value: (named) => this.byFunction(named, ({ dead }) => dead),
        },
        {
          type: 'gauge',
          name: 'glambdar_events_oldest_age_seconds',
          help: 'Age of the event that has waited longest, over all functions; 0 if none waits.',
          value: (named) => this.oldestSeconds(named),
        },
      ],
    );
    metrics.readFrom(
      () => room.read(),
      [
        {
          type: 'gauge',
          name: 'glambdar_event_store_bytes',
          help: 'Bytes on the disk by kind: queued (requests of events that wait or run, of GLAMBDAR_QUEUED_EVENT_BYTES), kept (events that have ended, of GLAMBDAR_KEPT_EVENT_BYTES), or answers (kept for repeated calls, of GLAMBDAR_IDEMPOTENT_ANSWER_BYTES); NaN if they cannot be read.',
          label: 'kind',
          value: (bytes) => ({
            queued: bytes?.queued ?? Number.NaN,
            kept: bytes?.kept ?? Number.NaN,
            answers: bytes?.answers ?? Number.NaN,
          }),
        },
      ],
    );
    metrics.readFrom(
      () => ({ accepted: service.acceptedCount, running: runner.runningCount, attempts: runner.attempts }),
      [
        {
          type: 'counter',
          name: 'glambdar_events_accepted_total',
          help: 'Events that were taken over, those of schedules included; without those that follow from another.',
          value: ({ accepted }) => accepted,
        },
        {
          type: 'gauge',
          name: 'glambdar_events_running',
          help: 'Events of which an attempt is under way.',
          value: ({ running }) => running,
        },
        {
          type: 'counter',
          name: 'glambdar_event_attempts_total',
          help: 'Attempts at events, by outcome: success, or whose fault it was that there was none.',
          label: 'outcome',
          value: ({ attempts }) => ({ success: 0, function: 0, platform: 0, caller: 0, ...attempts }),
        },
      ],
    );
  }

  private async named(): Promise<readonly NamedDepth[]> {
    const depths = await this.depths.read();
    if (depths.size === 0) return [];
    return this.registry.list().flatMap(({ id, name }) => {
      const depth = depths.get(id);
      return depth ? [{ ...depth, name }] : [];
    });
  }

  /** So many functions have a series of their own, those with the most first; the others share one. */
  private byFunction(
    named: readonly NamedDepth[],
    countOf: (depth: QueueDepth) => number,
  ): Record<string, number> {
    const most = [...named].sort((one, other) => countOf(other) - countOf(one));
    const own = most.slice(0, this.settings.functions).map((depth) => [depth.name, countOf(depth)] as const);
    const others = most.slice(this.settings.functions).reduce((sum, depth) => sum + countOf(depth), 0);
    return Object.fromEntries([...own, ['_other', others]]);
  }

  private oldestSeconds(named: readonly NamedDepth[]): number {
    const nowMs = this.clock.wallTime().getTime();
    const ages = named.map(({ oldestAcceptedAtMs }) => nowMs - (oldestAcceptedAtMs ?? nowMs));
    return Math.max(0, ...ages) / 1000;
  }
}

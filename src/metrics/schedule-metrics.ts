import { Injectable } from '@nestjs/common';
import { type FiringOutcome, firingOutcomes, Firings } from '../schedules/firings.js';
import { Durations, MetricsRegistry } from './metrics-registry.js';

/** Counts what becomes of due times, and how late they are. */
@Injectable()
export class ScheduleMetrics {
  private readonly lateness = new Durations();
  private readonly outcomes = new Map<FiringOutcome, number>(firingOutcomes.map((outcome) => [outcome, 0]));

  constructor(metrics: MetricsRegistry, firings: Firings) {
    metrics.counts(
      {
        name: 'glambdar_schedule_firings_total',
        help: 'Times at which schedules were due, by what came of them. `fired`: it has made an event. `refused`: it could make none, or nothing could be noted, and tries again. `given-up`: it made none before it was due again. `left-out`: it was due while the server did not run.',
        labels: ['outcome'],
      },
      () => [...this.outcomes].map(([outcome, count]) => [{ outcome }, count] as const),
    );
    metrics.durations(
      {
        name: 'glambdar_schedule_lateness_seconds',
        help: 'Time from when a schedule was due until its event was on the disk; what was made up for is included.',
      },
      () => [[{}, this.lateness]],
    );
    firings.onOutcome((outcome, latenessMs) => {
      this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
      if (latenessMs !== undefined) this.lateness.observe(latenessMs);
    });
  }
}

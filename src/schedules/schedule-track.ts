import { createHash } from 'node:crypto';
import type { EventId } from '../events/event.js';
import type { EventStore, SchedulePosition } from '../events/store/event-store.js';
import type { FunctionName } from '../functions/function-name.js';
import type { Schedule } from '../functions/function.js';
import { nextStep } from './next-step.js';

/** Which schedule of which function. */
export interface ScheduleKey {
  readonly functionId: string;
  readonly functionName: FunctionName;
  readonly schedule: string;
}

export function scheduleIdOf({ functionId, schedule }: Pick<ScheduleKey, 'functionId' | 'schedule'>): string {
  return `${functionId}/${schedule}`;
}

/** Of what says when it is due: another body is sent from the next time on, and the count of `every` goes on. */
export function definitionOf({ cron = '', every = '', timeZone = 'UTC' }: Schedule): string {
  return createHash('sha256')
    .update(JSON.stringify([cron, every, timeZone]))
    .digest('hex');
}

/** What a track needs of the world around it. */
export interface TrackWorld {
  readonly store: Pick<EventStore, 'advance' | 'forgetSchedule'>;
  readonly nowMs: () => number;
  /** Resolves to undefined if this time has fired before. */
  readonly fire: (key: ScheduleKey, schedule: Schedule, dueMs: number) => Promise<EventId | undefined>;
  readonly leftOut: (key: ScheduleKey, dueMs: number) => void;
  readonly gaveUp: (key: ScheduleKey, dueMs: number) => void;
  /** Nothing is left of it, here and in the store. */
  readonly over: (key: ScheduleKey) => void;
}

/**
 * One schedule and how far it has come. `run` does whatever is to be done now and says when something is due again; what has
 * come meanwhile is done in the same run, so that one schedule never does two things at a time.
 */
export class ScheduleTrack {
  private wanted: Schedule | undefined;
  private position: SchedulePosition;
  /** Whether the store has this position. */
  private isStored: boolean;
  /** The schedule was disabled or deleted: what the store has of it does not count any more. */
  private mustForget = false;
  private triedMs: number | null = null;

  constructor(
    readonly key: ScheduleKey,
    private readonly world: TrackWorld,
    stored: SchedulePosition | undefined,
  ) {
    this.isStored = stored !== undefined;
    this.position = stored ?? this.beginning('');
  }

  /** How far the schedule has come; undefined while it is disabled. */
  get progress(): SchedulePosition | undefined {
    return this.wanted && this.position;
  }

  /** Another time begins anew, the same with another body goes on. */
  follow(schedule: Schedule): void {
    const definition = definitionOf(schedule);
    this.wanted = schedule;
    if (this.position.definition === definition) return;
    this.position = this.beginning(definition, this.position.lastEventId);
    this.isStored = false;
    this.triedMs = null;
  }

  /** The schedule is disabled or deleted: what passes meanwhile never fires. */
  end(): void {
    this.wanted = undefined;
    this.position = this.beginning('');
    this.mustForget = true;
    this.isStored = false;
    this.triedMs = null;
  }

  /** The function is gone, and all that the store has of it goes with it. */
  close(): void {
    this.wanted = undefined;
    this.mustForget = false;
  }

  /** When something is due again; undefined if never. Rejects as the store does and may then be called again. */
  async run(): Promise<number | undefined> {
    for (;;) {
      if (this.mustForget) await this.forget();
      else if (!this.wanted) {
        this.world.over(this.key);
        return undefined;
      } else if (!this.isStored) await this.store();
      else {
        const step = nextStep(this.wanted, { ...this.position, triedMs: this.triedMs }, this.world.nowMs());
        if (step.kind === 'wait') return step.untilMs;
        if (step.kind === 'fire') await this.fire(this.wanted, step.dueMs);
        else {
          this.world[step.kind === 'give-up' ? 'gaveUp' : 'leftOut'](this.key, step.dueMs);
          this.moveTo(step.dueMs, this.position);
          this.isStored = false;
        }
      }
    }
  }

  private async forget(): Promise<void> {
    this.mustForget = false;
    try {
      await this.world.store.forgetSchedule(scheduleIdOf(this.key));
    } catch (error) {
      this.mustForget = true;
      throw error;
    }
  }

  private async store(): Promise<void> {
    const { position } = this;
    await this.world.store.advance(position);
    if (this.position === position) this.isStored = true;
  }

  private async fire(schedule: Schedule, dueMs: number): Promise<void> {
    const { position } = this;
    this.triedMs = dueMs;
    const eventId = await this.world.fire(this.key, schedule, dueMs);
    if (this.position === position) this.moveTo(dueMs, position, eventId);
  }

  private moveTo(dueMs: number, position: SchedulePosition, eventId = position.lastEventId): void {
    this.position = { ...position, lastDueMs: dueMs, lastEventId: eventId };
    this.triedMs = null;
  }

  private beginning(definition: string, lastEventId: EventId | null = null): SchedulePosition {
    const scheduleId = scheduleIdOf(this.key);
    return { scheduleId, definition, sinceMs: this.world.nowMs(), lastDueMs: null, lastEventId };
  }
}

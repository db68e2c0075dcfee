import { Inject, Injectable } from '@nestjs/common';
import { Log, type LogFields } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import type { EventId } from '../events/event.js';
import { EventService } from '../events/event.service.js';
import { EventStore, type SchedulePosition } from '../events/store/event-store.js';
import { FunctionEvents, type Unsubscribe } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction, Schedule } from '../functions/function.js';
import { DueRunner } from './due-runner.js';
import { Firings } from './firings.js';
import { scheduledRequest } from './scheduled-request.js';
import { scheduleIdOf, type ScheduleKey, ScheduleTrack, type TrackWorld } from './schedule-track.js';

/** Functions whose schedules are looked at before others get a turn, when the server starts. */
const startedAtATime = 20;

/**
 * Makes an event each time that a schedule is due. Which schedules there are, the settings of the functions say; how far
 * each has come is in the store of events, where a firing and its event are one step: none comes twice, wherever the
 * server ends.
 */
@Injectable()
export class Scheduler {
  /** By the id of their function, and their name. */
  private readonly tracks = new Map<string, Map<string, ScheduleTrack>>();
  private readonly runner: DueRunner<ScheduleTrack>;
  private readonly subscriptions: Unsubscribe[] = [];
  private readonly world: TrackWorld;

  constructor(
    private readonly registry: FunctionRegistry,
    private readonly functionEvents: FunctionEvents,
    @Inject(EventService) private readonly events: Pick<EventService, 'fire'>,
    private readonly store: EventStore,
    private readonly firings: Firings,
    clock: Clock,
    log: Log,
  ) {
    this.runner = new DueRunner(clock, ({ key }, error, failures) => {
      firings.tell('refused');
      if (failures === 1)
        log.warn({ err: error, ...factsOf(key) }, 'a schedule could not go on; it is tried again');
    });
    this.world = {
      store,
      nowMs: () => clock.wallTime().getTime(),
      fire: (key, schedule, dueMs) => this.fire(key, schedule, dueMs),
      leftOut: (key, dueMs) => {
        firings.tell('left-out');
        log.warn(
          factsOf(key, dueMs),
          'a schedule was due while the server did not run; that time is left out',
        );
      },
      gaveUp: (key, dueMs) => {
        firings.tell('given-up');
        log.error(factsOf(key, dueMs), 'no event could be made for a schedule before it was due again');
      },
      over: (key) => {
        this.remove(key);
      },
    };
  }

  /** How far an enabled schedule has come; undefined of any other. */
  progressOf({ id }: DeployedFunction, schedule: string): SchedulePosition | undefined {
    return this.tracks.get(id)?.get(schedule)?.progress;
  }

  /** Runs once the store of events is open and the functions are known. */
  async start(): Promise<void> {
    const positions = new Map((await this.store.positions()).map((stored) => [stored.scheduleId, stored]));
    this.subscriptions.push(
      this.functionEvents.onDeployed((deployed) => {
        this.follow(deployed);
      }),
      this.functionEvents.onReplaced((_before, after) => {
        this.follow(after);
      }),
      this.functionEvents.onDeleted(({ id }) => {
        this.drop(id);
      }),
    );
    for (const [index, deployed] of this.registry.list().entries()) {
      if (index % startedAtATime === startedAtATime - 1) await othersTurn();
      this.follow(deployed, positions);
    }
    this.forgetAll(positions);
  }

  /** Nothing fires any more; resolves once what has begun is in the store, or has failed. */
  async stop(): Promise<void> {
    for (const unsubscribe of this.subscriptions.splice(0)) unsubscribe();
    await this.runner.stop();
  }

  private follow(deployed: DeployedFunction, positions?: Positions): void {
    const { id: functionId, name: functionName, settings } = deployed;
    const wanted = new Map(Object.entries(settings.schedules).filter(([, { enabled }]) => enabled !== false));
    const known = this.tracks.get(functionId) ?? new Map<string, ScheduleTrack>();
    for (const [name, track] of known) {
      if (wanted.has(name)) continue;
      track.end();
      this.runner.run(track);
    }
    for (const [schedule, definition] of wanted) {
      const key = { functionId, functionName, schedule };
      const track = known.get(schedule) ?? this.trackOf(key, positions);
      known.set(schedule, track);
      track.follow(definition);
      this.runner.run(track);
    }
    if (known.size > 0) this.tracks.set(functionId, known);
  }

  private trackOf(key: ScheduleKey, positions: Positions = new Map()): ScheduleTrack {
    return new ScheduleTrack(key, this.world, positions.get(scheduleIdOf(key)));
  }

  /** Those of positions whose schedule the server did not see end: it was killed before the store knew. */
  private forgetAll(positions: Positions): void {
    const functions = new Map(this.registry.list().map(({ id, name }) => [id, name]));
    for (const { scheduleId } of positions.values()) {
      const [functionId = '', schedule = ''] = scheduleId.split('/');
      const functionName = functions.get(functionId);
      const known = this.tracks.get(functionId) ?? new Map<string, ScheduleTrack>();
      if (functionName === undefined || known.has(schedule)) continue;
      const track = this.trackOf({ functionId, functionName, schedule }, positions);
      this.tracks.set(functionId, known.set(schedule, track));
      track.end();
      this.runner.run(track);
    }
  }

  private remove({ functionId, schedule }: ScheduleKey): void {
    const known = this.tracks.get(functionId);
    known?.delete(schedule);
    if (known?.size === 0) this.tracks.delete(functionId);
  }

  private drop(functionId: string): void {
    const known = this.tracks.get(functionId) ?? [];
    this.tracks.delete(functionId);
    for (const [, track] of known) {
      track.close();
      this.runner.run(track);
    }
  }

  private async fire(key: ScheduleKey, definition: Schedule, dueMs: number): Promise<EventId | undefined> {
    const { functionName, schedule } = key;
    const eventId = await this.events.fire({
      functionName,
      request: scheduledRequest(definition),
      source: { kind: 'schedule', schedule, dueMs, manual: false },
      keyId: undefined,
      orderingKey: undefined,
      firing: { scheduleId: scheduleIdOf(key), dueMs },
    });
    if (eventId !== undefined) this.firings.tell('fired', Math.max(0, this.world.nowMs() - dueMs));
    return eventId;
  }
}

type Positions = ReadonlyMap<string, SchedulePosition>;

function factsOf({ functionName, schedule }: ScheduleKey, dueMs?: number): LogFields {
  return {
    function: functionName,
    schedule,
    ...(dueMs !== undefined && { due: new Date(dueMs).toISOString() }),
  };
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

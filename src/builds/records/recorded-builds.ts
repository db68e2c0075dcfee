import { Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { type CancelTimer, Clock } from '../../common/time/clock.js';
import { FunctionEvents } from '../../functions/function-events.js';
import {
  type BuildEnd,
  BuildJournal,
  type BuildOpening,
  type BuildStep,
  type BuildStream,
} from '../build-journal.js';
import { type BuildQuery, type BuildRecord, BuildStore } from '../store/build-store.js';
import { type BuildLog, endedLog, LiveBuild } from './build-log.js';

/** How often what is new is written and shown to those who follow: often enough for eyes, and one write for many lines. */
const intervalMs = 100;

/** More than any budget allows. */
const all = 1_000_000;

const interrupted = 'The server ended before the build did, so nothing was published. Deploy again.';

/** Records each build as it goes: in memory while it lasts, and in the store. */
@Injectable()
export class RecordedBuilds extends BuildJournal {
  private readonly live = new Map<string, LiveBuild>();
  /** Of every build that is recorded, so that no id is used twice. */
  private readonly knownIds = new Set<string>();
  private readonly changed = new Set<LiveBuild>();
  private cancelTimer: CancelTimer | undefined;
  private writing = Promise.resolve();

  constructor(
    private readonly store: BuildStore,
    private readonly functionEvents: FunctionEvents,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  /** Before the first build. What an earlier server has not ended failed with it. */
  async start(): Promise<void> {
    this.functionEvents.onDeleted(({ name }) => {
      this.write(() => this.store.forget(name));
    });
    for (const build of await this.store.builds({ limit: all })) {
      this.knownIds.add(build.id);
      if (build.endedAtMs === null)
        this.write(() => this.store.write(failedWithServer(build), [], this.nowMs));
    }
    await this.writing;
  }

  /** Resolves when all that was recorded is written. */
  async stop(): Promise<void> {
    this.publish();
    await this.writing;
  }

  override open({ id, functionName }: BuildOpening): boolean {
    if (this.knownIds.has(id)) return false;
    const live = new LiveBuild({
      id,
      functionName,
      state: 'waiting',
      steps: [],
      startedAtMs: this.nowMs,
      endedAtMs: null,
      cached: false,
      failure: null,
      isTruncated: false,
    });
    this.knownIds.add(id);
    this.live.set(id, live);
    this.publishLater(live);
    return true;
  }

  override step(id: string, step: BuildStep): void {
    const live = this.live.get(id);
    if (!live) return;
    const steps = [...live.build.steps, { step, atMs: this.nowMs }];
    live.change({ steps, state: step === 'queue' ? live.build.state : 'running' });
    this.publishLater(live);
  }

  override line(id: string, stream: BuildStream, text: string): void {
    const live = this.live.get(id);
    if (!live) return;
    live.add({ atMs: this.nowMs, stream, text });
    this.publishLater(live);
  }

  override end(id: string, { state, cached, failure }: BuildEnd): void {
    const live = this.live.get(id);
    if (!live) return;
    live.change({ state, cached, failure, endedAtMs: this.nowMs });
    this.changed.add(live);
    this.publish();
    // Until it is written, it is found here.
    this.write(() => {
      this.live.delete(id);
      return Promise.resolve([]);
    });
  }

  override discard(id: string): void {
    const live = this.live.get(id);
    if (!live) return;
    live.isDiscarded = true;
    this.live.delete(id);
    this.changed.delete(live);
    this.write(async () => {
      await this.store.remove(id);
      return [id];
    });
    live.tell();
  }

  async find(id: string): Promise<BuildLog | undefined> {
    const live = this.live.get(id);
    if (live || !this.knownIds.has(id)) return live;
    const build = await this.store.build(id);
    return build && endedLog(build, await this.store.lines(id));
  }

  /** Those that began last, the newest first, as they are now. */
  async list(query: BuildQuery): Promise<readonly BuildRecord[]> {
    this.publish();
    await this.writing;
    return this.store.builds(query);
  }

  private get nowMs(): number {
    return this.clock.wallTime().getTime();
  }

  private publishLater(live: LiveBuild): void {
    this.changed.add(live);
    this.cancelTimer ??= this.clock.schedule(intervalMs, () => {
      this.publish();
    });
  }

  private publish(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    for (const live of this.changed) {
      const lines = live.takeUnwritten();
      this.write(() => this.store.write(live.build, lines, this.nowMs));
      live.tell();
    }
    this.changed.clear();
  }

  /** One after the other; each gives the ids that are free again. A build does not fail because it cannot be recorded. */
  private write(change: () => Promise<readonly string[]>): void {
    this.writing = this.writing.then(change).then(
      (ids) => {
        for (const id of ids) this.knownIds.delete(id);
      },
      (err: unknown) => {
        this.log.warn({ err }, 'a build could not be recorded');
      },
    );
  }
}

function failedWithServer(build: BuildRecord): BuildRecord {
  const step = build.steps.at(-1);
  return {
    ...build,
    state: 'failed',
    // When it ended nobody knows; this is the last that is known of it.
    endedAtMs: step?.atMs ?? build.startedAtMs,
    failure: { step: step?.step ?? 'queue', message: interrupted },
  };
}

import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { StagedCode } from '../code/store/code-store.js';
import { DomainError } from '../common/errors/domain-error.js';
import { Cancellation } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import type { FunctionSettings } from '../functions/function.js';
import { BuildFailure, buildFailed } from './build-failure.js';
import { BuildJournal } from './build-journal.js';
import { BuildLog } from './build-log.js';
import { BuildSteps } from './build-steps.js';
import { buildsSettings, type BuildsSettings, registriesOf } from './builds.settings.js';
import { planBuild } from './plan/build-plan.js';
import { BuildQueue } from './queue/build-queue.js';

/** Unpacked code that may lack something. */
export interface BuildRequest {
  readonly functionName: FunctionName;
  readonly settings: FunctionSettings;
  readonly keyId: string | undefined;
  /** As `announce` returned it; undefined if nobody has asked for it. */
  readonly buildId: string | undefined;
  /** Cancelled when nobody waits for the deployment any more. */
  readonly cancellation: Cancellation;
}

export interface BuildSummary {
  readonly id: string;
  readonly state: 'succeeded';
  /** Whether its packages came from the cache. */
  readonly cached: boolean;
  readonly seconds: number;
}

export interface BuiltCode {
  readonly code: StagedCode;
  /** Null if the code lacked nothing. */
  readonly build: BuildSummary | null;
  /** Sentences to whoever deployed. */
  readonly notes: readonly string[];
}

interface RunningBuild {
  readonly functionName: FunctionName;
  readonly outcome: Promise<unknown>;
}

/**
 * Makes what uploads lack, before they are published. Nothing that a build makes is trusted more than an upload, and
 * whatever fails has changed nothing.
 */
@Injectable()
export class BuildService {
  private readonly running = new Map<Cancellation, RunningBuild>();
  /** Those that somebody can follow and that have not ended. */
  private readonly announced = new Set<string>();
  private isStopping = false;

  constructor(
    private readonly queue: BuildQueue,
    @Inject(BuildSteps) private readonly steps: Pick<BuildSteps, 'take'>,
    private readonly journal: BuildJournal,
    private readonly clock: Clock,
    @Inject(buildsSettings.config.KEY) private readonly settings: BuildsSettings,
  ) {}

  /** Lets a build be followed before its upload has arrived. Throws `BUILD_EXISTS` if the id is another's. */
  announce(id: string, functionName: FunctionName): void {
    if (!this.journal.open({ id, functionName })) {
      throw new DomainError('BUILD_EXISTS', 'buildId is the id of another build; send a new one.', {
        field: 'buildId',
      });
    }
    this.announced.add(id);
  }

  /** Nothing will be built under this id any more; harmless after a build has ended. */
  discard(id: string): void {
    if (this.announced.delete(id)) this.journal.discard(id);
  }

  /**
   * The code with everything that it lacked. Rejects with `BUILD_FAILED`, `RATE_LIMITED`, `OVERLOADED`, `DRAINING`,
   * `RUNTIME_UNAVAILABLE`, `IMAGE_MISSING`, `INSUFFICIENT_STORAGE`, `STORAGE_UNAVAILABLE`, or with the cancellation's
   * reason; the staged code can then only be discarded.
   */
  async complete(staged: StagedCode, request: BuildRequest): Promise<BuiltCode> {
    const registries = registriesOf(this.settings);
    const planning = planBuild(staged.files, request.settings, registries);
    const plan = await planning.catch((error: unknown) => {
      if (error instanceof BuildFailure) return error;
      throw error;
    });
    if (plan === undefined) return { code: staged, build: null, notes: [] };
    const id = request.buildId ?? randomUUID();
    if (!this.announced.has(id)) this.announce(id, request.functionName);
    const log = new BuildLog(id, this.journal);
    const startedAtMs = this.clock.monotonicMs();
    try {
      if (plan instanceof BuildFailure) throw plan;
      const { code, cached } = await this.inTurn(request, log, (cancellation) =>
        this.steps.take(staged, plan, { ...request, log, cancellation }),
      );
      this.end(id, () => {
        log.end({ state: 'succeeded', cached, failure: null });
      });
      const seconds = Math.round((this.clock.monotonicMs() - startedAtMs) / 100) / 10;
      return { code, build: { id, state: 'succeeded', cached, seconds }, notes: plan.notes };
    } catch (error) {
      this.end(id, () => {
        log.failed(error);
      });
      throw error instanceof BuildFailure ? buildFailed(error, { buildId: id, log: log.lastLines() }) : error;
    }
  }

  /** Ends every build, and takes no other. Never rejects. */
  async stop(): Promise<void> {
    this.isStopping = true;
    const running = [...this.running];
    for (const [cancellation] of running) cancellation.cancel(stopping());
    await Promise.allSettled(running.map(([, { outcome }]) => outcome));
  }

  /** The function was deleted: nobody gets it back by a build that began before. */
  cancel(functionName: FunctionName): void {
    for (const [cancellation, build] of this.running) {
      if (build.functionName === functionName) cancellation.cancel(deleted(functionName));
    }
  }

  /** Waits for its turn, and can be ended meanwhile and later by a stop of the server, too. */
  private async inTurn<T>(
    { functionName, keyId, cancellation }: BuildRequest,
    log: BuildLog,
    build: (cancellation: Cancellation) => Promise<T>,
  ): Promise<T> {
    if (this.isStopping) throw stopping();
    const own = new Cancellation();
    const stopListening = cancellation.onCancel((reason) => {
      own.cancel(reason);
    });
    const outcome = (async () => {
      log.step('queue');
      const release = await this.queue.acquire(keyId, own);
      try {
        return await build(own);
      } finally {
        release();
      }
    })();
    this.running.set(own, { functionName, outcome });
    try {
      return await outcome;
    } finally {
      stopListening();
      this.running.delete(own);
    }
  }

  private end(id: string, say: () => void): void {
    this.announced.delete(id);
    say();
  }
}

/** Also for whoever finds so when the build has ended. */
export function deleted(functionName: FunctionName): DomainError {
  return new DomainError(
    'FUNCTION_NOT_FOUND',
    `The function "${functionName}" was deleted while its new code was being built; deploy again to create it anew.`,
  );
}

function stopping(): DomainError {
  return new DomainError('DRAINING', 'The server is shutting down; deploy again shortly.', {
    retryAfterMs: 5000,
  });
}

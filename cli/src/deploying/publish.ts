/** Sends a deployment, and tells how it gets on. */
import type { DeploymentResponse } from '@glambdar/client';
import { randomUUID } from 'node:crypto';
import { setTimeout as passed } from 'node:timers/promises';
import { ServerRefusal } from '../api/problem.js';
import type { Server } from '../api/server.js';
import { upload } from '../api/upload.js';
import { CommandError } from '../errors/command-error.js';
import { checkArchiveBytes } from '../packing/archive-limits.js';
import { Archive } from '../packing/archive.js';
import { followBuild, type BuildLine } from './build-log.js';
import type { DeploymentPlan } from './deployment-plan.js';

export interface PublishListener {
  readonly onWarning: (text: string) => void;
  readonly onUpload: (sentBytes: number, allBytes: number) => void;
  readonly onSent: () => void;
  readonly onBuildLine: (line: BuildLine) => void;
}

export interface PublishOptions {
  readonly strict: boolean;
  readonly signal: AbortSignal;
}

/** What needs no build is answered before its log is asked for. */
const quickMs = 250;
/** The last lines of a build are on their way when the deployment is answered; more than this is not waited for them. */
const lastLinesMs = 5_000;

export async function publish(
  server: Server,
  plan: DeploymentPlan,
  { strict, signal }: PublishOptions,
  listener: PublishListener,
): Promise<DeploymentResponse> {
  const { content, name, settings } = plan;
  const archive =
    content.kind === 'zip' ? await Archive.open(content.file) : await Archive.pack(content.entries);
  try {
    const { refusal, warnings } = checkArchiveBytes(archive.bytes);
    if (refusal !== undefined) throw new CommandError('refused', refusal, 'Nothing was sent.');
    for (const warning of warnings) listener.onWarning(warning);
    const buildId = randomUUID();
    const log = new BuildFollower(server, buildId, signal, listener);
    let isBuilt = false;
    try {
      const answer = (await upload(
        server,
        {
          path: `/deploy/${name}?buildId=${buildId}${strict ? '&strict=true' : ''}`,
          fields: settings === undefined ? {} : { settings: JSON.stringify(settings) },
          archive,
        },
        {
          signal,
          onProgress: (sentBytes) => {
            listener.onUpload(sentBytes, archive.bytes);
          },
          onSent: () => {
            listener.onSent();
            log.begin();
          },
        },
      )) as DeploymentResponse;
      isBuilt = answer.build !== undefined;
      return answer;
    } catch (error) {
      const problem = error instanceof ServerRefusal ? error.problem : {};
      isBuilt = problem.code === 'BUILD_FAILED';
      if (isBuilt) log.ifNothingCame(problem.log ?? []);
      throw error;
    } finally {
      await log.end(isBuilt);
    }
  } finally {
    await archive.close();
  }
}

/** Follows the log of the build while the deployment waits for it. */
class BuildFollower {
  private readonly over = new AbortController();
  private readonly enough = new AbortController();
  private following: Promise<void> = Promise.resolve();
  private lastLines: readonly string[] = [];
  private hasShown = false;

  constructor(
    private readonly server: Server,
    private readonly buildId: string,
    private readonly interrupted: AbortSignal,
    private readonly listener: PublishListener,
  ) {}

  begin(): void {
    this.following = this.follow();
  }

  /** The end of the log as the answer has it, for who could not follow it. */
  ifNothingCame(lines: readonly string[]): void {
    this.lastLines = lines;
  }

  /** When the deployment is answered. */
  async end(isBuilt: boolean): Promise<void> {
    this.over.abort();
    if (isBuilt) {
      const patience = passed(lastLinesMs, undefined, { signal: this.enough.signal }).catch(() => undefined);
      await Promise.race([this.following, patience]);
    }
    this.enough.abort();
    if (!this.hasShown) for (const text of this.lastLines) this.listener.onBuildLine({ text });
  }

  private async follow(): Promise<void> {
    const isOver = await passed(quickMs, false, { signal: this.over.signal }).catch(() => true);
    if (isOver) return;
    const signal = AbortSignal.any([this.enough.signal, this.interrupted]);
    await followBuild(this.server, this.buildId, { signal, isOver: this.over.signal }, (line) => {
      this.hasShown = true;
      this.listener.onBuildLine(line);
    });
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { open, type FileHandle } from 'node:fs/promises';
import { archiveSettings, limitsFrom } from '../../code/archive/archive.settings.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { answeringForStorage } from '../../common/errors/storage-failure.js';
import { Log } from '../../common/log/log.js';
import type { SettingsOf } from '../../common/settings/settings.js';
import { type Cancellation, unlessCancelled, withDeadline } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { ContainerService } from '../../container/container.service.js';
import type { LaunchedContainer } from '../../container/launched-container.js';
import type { EgressProxy } from '../../egress/egress-proxy.js';
import { EgressService } from '../../egress/egress.service.js';
import { IpcService } from '../../ipc/ipc.service.js';
import type { PeerEndpoint } from '../../ipc/peer-endpoint.js';
import { PeerError } from '../../ipc/session-phase.js';
import type { RuntimeName } from '../../runtimes/runtime.js';
import { BuildFailure } from '../build-failure.js';
import type { BuildStep, BuildStream } from '../build-journal.js';
import { buildsSettings, type BuildsSettings, registriesOf } from '../builds.settings.js';
import type {
  BuilderMessage,
  BuildFacts,
  BuildHostMessage,
  BundleOrder,
  InstallOrder,
} from '../protocol/messages.js';
import { buildAllowance, buildProgram, buildResources } from './build-program.js';
import { builderDialect, type BuilderSession } from './builder-session.js';
import { explainMissingImage } from './missing-image.js';
import { registryAccess } from './registry-access.js';

/** One thing to make, of unpacked code. */
export interface BuildOrder {
  readonly runtime: RuntimeName;
  readonly install: InstallOrder | null;
  readonly bundle: BundleOrder | null;
  /** Host directory, which the container reads. */
  readonly sourceDirectory: string;
  /** Where the zip of what is new goes; it must not exist. */
  readonly archivePath: string;
  readonly functionName: string;
}

export interface RunListener {
  readonly onStep: (step: BuildStep) => void;
  readonly onLine: (stream: BuildStream, text: string) => void;
}

type BuilderEndpoint = PeerEndpoint<BuilderMessage, BuildHostMessage, BuilderSession>;

/** Whose share of egress all builds together take: one function's. */
const egressShare = 'builds';
const startTimeoutMs = 60_000;
const exitTimeoutMs = 5000;
const ownerOnly = 0o600;
const bytesPerMiB = 1024 * 1024;

/** Runs one order in a container of its own. Whatever happens, nothing of it is left but the zip. */
@Injectable()
export class BuildRunner {
  private readonly archiveBytes: number;

  constructor(
    private readonly containers: ContainerService,
    private readonly ipc: IpcService,
    private readonly egress: EgressService,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(buildsSettings.config.KEY) private readonly settings: BuildsSettings,
    @Inject(archiveSettings.config.KEY) archive: SettingsOf<typeof archiveSettings>,
  ) {
    this.archiveBytes = limitsFrom(archive).maxArchiveBytes;
  }

  /**
   * Resolves when the zip is written; one of no bytes if nothing is new. Rejects with `BuildFailure`, with the
   * cancellation's reason, or with a `DomainError` when the platform is short of something.
   */
  async run(order: BuildOrder, listener: RunListener, cancellation: Cancellation): Promise<BuildFacts> {
    cancellation.throwIfCancelled();
    const endpoint = await this.ipc.openFor(builderDialect);
    let container: LaunchedContainer | undefined;
    let proxy: EgressProxy | undefined;
    try {
      container = await this.launchUnlessCancelled(order, endpoint, listener, cancellation);
      // A bundle needs nothing from outside.
      if (order.install) proxy = await this.openEgress(order, container, endpoint, listener);
      const session = await this.connect(container, endpoint, cancellation);
      return await this.converse(order, container, session, listener, cancellation);
    } finally {
      proxy?.close();
      await container?.remove();
      await endpoint.close().catch((err: unknown) => {
        this.log.error({ err }, "a build's directory could not be removed");
      });
    }
  }

  /** An image that has to be made first may take minutes, which nobody waits for who has left. */
  private async launchUnlessCancelled(
    order: BuildOrder,
    endpoint: BuilderEndpoint,
    listener: RunListener,
    cancellation: Cancellation,
  ): Promise<LaunchedContainer> {
    const launching = this.launch(order, endpoint, listener);
    try {
      return await unlessCancelled(launching, cancellation);
    } catch (error) {
      launching.then((container) => container.remove()).catch(() => undefined);
      throw explainMissingImage(error, order.runtime, order.install !== null);
    }
  }

  private launch(order: BuildOrder, endpoint: BuilderEndpoint, listener: RunListener) {
    return this.containers.launch({
      program: buildProgram(order.runtime, this.settings),
      runDirectory: endpoint.directory,
      codeDirectory: order.sourceDirectory,
      token: endpoint.token,
      resources: buildResources(this.settings),
      allowance: buildAllowance(order.install?.scripts ?? false),
      onMissingImage: () => {
        listener.onStep('image');
        listener.onLine('system', `The image for builds of ${order.runtime} is missing and is being made.`);
      },
    });
  }

  private openEgress(
    { functionName }: BuildOrder,
    container: LaunchedContainer,
    { directory }: BuilderEndpoint,
    listener: RunListener,
  ): Promise<EgressProxy> {
    return this.egress.open({
      directory,
      functionId: egressShare,
      functionName,
      container: container.name,
      allowList: registryAccess(registriesOf(this.settings)),
      listener: {
        onCut: () => undefined,
        say: (sentence) => {
          listener.onLine('system', sentence);
        },
      },
    });
  }

  private connect(
    container: LaunchedContainer,
    endpoint: BuilderEndpoint,
    cancellation: Cancellation,
  ): Promise<BuilderSession> {
    const endedEarly = container.ended.then(() => {
      throw notStarted(new Error(`The builder ended early: ${lastLinesOf(container)}`));
    });
    return withDeadline(this.clock, Promise.race([endpoint.session, endedEarly]), {
      withinMs: startTimeoutMs,
      onTimeout: () => notStarted(new Error('The builder did not connect in time.')),
      cancellation,
    });
  }

  private async converse(
    order: BuildOrder,
    container: LaunchedContainer,
    session: BuilderSession,
    listener: RunListener,
    cancellation: Cancellation,
  ): Promise<BuildFacts> {
    const { timeoutSeconds, fetchTimeoutSeconds, logMiB } = this.settings;
    const archive = await answeringForStorage(() => open(order.archivePath, 'wx', ownerOnly));
    const work = session.run(
      {
        type: 'build',
        install: order.install,
        bundle: order.bundle,
        limits: {
          archiveBytes: this.archiveBytes,
          remainingMs: timeoutSeconds * 1000,
          fetchTimeoutMs: Math.min(fetchTimeoutSeconds, timeoutSeconds) * 1000,
        },
      },
      { archiveBytes: this.archiveBytes, outputLength: logMiB * bytesPerMiB },
      { ...listener, write: (bytes) => append(archive, bytes) },
    );
    try {
      return await withDeadline(this.clock, work, {
        withinMs: timeoutSeconds * 1000,
        onTimeout: () => this.tookTooLong(session, order),
        cancellation,
      });
    } catch (error) {
      throw error instanceof PeerError ? await this.ended(error, container, session) : error;
    } finally {
      session.close();
      await archive.close();
    }
  }

  private tookTooLong({ step }: BuilderSession, order: BuildOrder): BuildFailure {
    const hint =
      step === 'install' && order.install
        ? ` Perhaps the registry ${order.install.registry} is slow or does not answer; try again, or deploy with node_modules in the archive.`
        : '';
    const { timeoutSeconds } = this.settings;
    return new BuildFailure(
      step,
      `It took longer than ${timeoutSeconds} s, as long as a build may run (GLAMBDAR_BUILD_TIMEOUT_SECONDS).${hint}`,
      'timeout',
    );
  }

  /** Why a builder ended without an outcome. */
  private async ended(
    end: PeerError,
    container: LaunchedContainer,
    { step }: BuilderSession,
  ): Promise<Error> {
    const options = { cause: end };
    if (end.kind === 'violation') {
      return new BuildFailure(step, 'The program that builds broke off in disorder.', undefined, options);
    }
    const ranOut = await container.hasRunOutOfMemory();
    await withDeadline(this.clock, container.ended, {
      withinMs: exitTimeoutMs,
      onTimeout: () => new Error('It did not end.'),
    }).catch(() => undefined);
    const exit = await container.exit();
    if (ranOut || exit?.outOfMemory === true) {
      const { memoryMiB } = this.settings;
      return new BuildFailure(
        step,
        `It needed more than ${memoryMiB} MiB of memory, its disk included (GLAMBDAR_BUILD_MEMORY_MIB).`,
        'out_of_memory',
        options,
      );
    }
    const code = exit === undefined ? '' : ` with exit code ${exit.exitCode}`;
    return new BuildFailure(
      step,
      `The program that builds ended${code} before it was done.`,
      undefined,
      options,
    );
  }
}

async function append(archive: FileHandle, bytes: Buffer): Promise<void> {
  await answeringForStorage(() => archive.writeFile(bytes));
}

function lastLinesOf({ output }: LaunchedContainer): string {
  return output.text();
}

function notStarted(cause: unknown): DomainError {
  return new DomainError(
    'RUNTIME_UNAVAILABLE',
    'A container for the build could not be started; try again shortly.',
    { retryAfterMs: 1000 },
    { cause },
  );
}

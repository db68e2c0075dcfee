import { Inject, Injectable } from '@nestjs/common';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { CodeStore } from '../code/store/code-store.js';
import { DomainError } from '../common/errors/domain-error.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import type { ContainerResources, LaunchRequest } from '../container/container-spec.js';
import { ContainerService } from '../container/container.service.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import { EgressService } from '../egress/egress.service.js';
import { versionKeyOf } from '../functions/function-registry.js';
import type { DeployedFunction, SandboxKind } from '../functions/function.js';
import { LoadOutcomes, loads, outcomeOfFailure } from '../functions/load-outcomes.js';
import { programOf, runtimeOf } from '../runtimes/catalogue.js';
import type { Runtime, RuntimeName } from '../runtimes/runtime.js';
import { runtimesSettings, type RuntimesSettings } from '../runtimes/runtimes.settings.js';
import {
  completeSettings,
  functionDefaults,
  type FunctionDefaults,
} from '../functions/settings/default-settings.js';
import { egressPermission, loopbackHosts, parseEgressRule } from '../functions/settings/egress-rule.js';
import { IpcService } from '../ipc/ipc.service.js';
import type { LoadMessage } from '../ipc/protocol/messages.js';
import type { WorkerEndpoint } from '../ipc/worker-dialect.js';
import { SecretVault } from '../secrets/secret-vault.js';
import { OutputRecorder, type RecordedOutput } from './output/output-recorder.js';
import { recordedAs, SandboxEvents } from './sandbox-events.js';
import { Sandbox } from './sandbox.js';
import { sandboxSettings, type SandboxSettings } from './sandbox.settings.js';
import { TaskTracker } from './task-tracker.js';
import { UsageMeter } from './usage-meter.js';

/** Opens egress for a function that may connect to any destination; it closes with the sandbox. */
async function openEgress(
  egress: EgressService,
  sandbox: Sandbox,
  { id, name, settings }: DeployedFunction,
): Promise<void> {
  if (settings.egress.length === 0) return;
  const rules = settings.egress.flatMap((text) => parseEgressRule(text) ?? []);
  const proxy = await egress.open({
    directory: sandbox.endpoint.directory,
    functionId: id,
    functionName: name,
    container: sandbox.container.name,
    allowList: { permissionFor: (host, port) => egressPermission(rules, host, port) },
    listener: {
      onCut: () => {
        sandbox.lostConnection();
      },
      say: (sentence) => {
        sandbox.output.say('warn', sentence);
      },
    },
  });
  sandbox.useEgress(proxy);
}

/** What the worker needs to know of the function before any of its code runs; it keeps `maxResultBytes` itself. */
export function loadMessageFor(
  { name, version, settings }: DeployedFunction,
  secrets: LoadMessage['secrets'],
  maxResultBytes: number,
): LoadMessage {
  return {
    type: 'load',
    handler: settings.handler,
    environment: settings.environment,
    secrets,
    functionName: name,
    functionVersion: String(version.number),
    memoryLimitMiB: settings.memoryMiB,
    responseFormat: settings.responseFormat,
    maxResultBytes,
    hasEgress: settings.egress.length > 0,
    loopback: loopbackHosts(settings.egress.flatMap((text) => parseEgressRule(text) ?? [])),
  };
}

/** How a sandbox is to be created. */
export interface Creation {
  /** A call waits for it. */
  readonly isAwaited: boolean;
  /** Called once the worker has connected. */
  readonly onBooted: () => void;
}

/** What makes a container of each kind, by the engine's name for it; undefined for the server's own choice. */
const ociRuntimeOf: Readonly<Record<SandboxKind, string | undefined>> = {
  container: undefined,
  gvisor: 'runsc',
};

/** Creates sandboxes: joins a container, a socket and a function's code. Whatever fails, nothing is left behind. */
@Injectable()
export class SandboxFactory {
  /** What a prewarmed container has, since it belongs to no function yet. */
  readonly prewarmedResources: ContainerResources;
  private readonly leftovers = new TaskTracker();

  constructor(
    private readonly containers: ContainerService,
    private readonly ipc: IpcService,
    private readonly code: CodeStore,
    private readonly vault: SecretVault,
    private readonly egress: EgressService,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly events: SandboxEvents,
    private readonly loadOutcomes: LoadOutcomes,
    @Inject(runtimesSettings.config.KEY) private readonly images: RuntimesSettings,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
    @Inject(functionDefaults.config.KEY) defaults: FunctionDefaults,
  ) {
    const { memoryMiB, cpuMillis, tmpMiB } = completeSettings({}, defaults);
    this.prewarmedResources = { memoryMiB, cpuMillis, tmpMiB };
  }

  /**
   * Whether a prewarmed container of its runtime may become this function's: heap, `/tmp` and kernel are set at the
   * creation.
   */
  fitsPrewarmed({ settings }: DeployedFunction): boolean {
    const { memoryMiB, cpuMillis, tmpMiB } = this.prewarmedResources;
    return (
      settings.sandbox === 'container' &&
      settings.memoryMiB === memoryMiB &&
      settings.cpuMillis === cpuMillis &&
      settings.tmpMiB === tmpMiB
    );
  }

  /** Whether the engine can make such containers. Rejects with RUNTIME_UNAVAILABLE while it cannot say. */
  async canMake(kind: SandboxKind): Promise<boolean> {
    const ociRuntime = ociRuntimeOf[kind];
    return ociRuntime === undefined || this.containers.hasOciRuntime(ociRuntime);
  }

  /** A sandbox for the function from nothing: container, worker, code loaded. */
  async create(deployed: DeployedFunction, { isAwaited, onBooted }: Creation): Promise<Sandbox> {
    const message = this.messageFor(deployed);
    const { settings } = deployed;
    const runtime = runtimeOf(settings.runtime);
    const { directory, release } = await this.code.localCopy(versionKeyOf(deployed));
    try {
      const sandbox = await this.boot(runtime, {
        codeDirectory: directory,
        resources: settings,
        ociRuntime: ociRuntimeOf[settings.sandbox],
        isAwaited,
      });
      onBooted();
      return await this.load(sandbox, deployed, message);
    } finally {
      release();
    }
  }

  /** A booted sandbox without a function, which any function of the runtime can have in milliseconds. */
  createPrewarmed(runtime: RuntimeName): Promise<Sandbox> {
    return this.boot(runtimeOf(runtime), {
      codeDirectory: undefined,
      resources: this.prewarmedResources,
      ociRuntime: undefined,
      isAwaited: false,
    });
  }

  /**
   * Gives a prewarmed sandbox its function. The code appears in the container's own mounted directory as hard links,
   * renamed in one step: no directory is shared between functions, and no part is visible before the whole is.
   */
  async specialize(sandbox: Sandbox, deployed: DeployedFunction): Promise<Sandbox> {
    const { directory } = sandbox.endpoint;
    const codeDirectory = join(directory, 'code');
    sandbox.madeAs = 'prewarmed';
    sandbox.cleanUpWith(() => this.code.unlinkFrom(codeDirectory));
    let message: LoadMessage;
    try {
      message = this.messageFor(deployed);
      const linking = join(directory, 'linking');
      await this.code.linkInto(versionKeyOf(deployed), linking);
      await rename(linking, codeDirectory).catch((cause: unknown) => {
        throw notStarted(cause);
      });
    } catch (error) {
      this.leftovers.add(sandbox.dispose());
      throw error;
    }
    return this.load(sandbox, deployed, message);
  }

  /** Resolves when what is left of failures is gone. */
  settled(): Promise<void> {
    return this.leftovers.settled();
  }

  private messageFor(deployed: DeployedFunction): LoadMessage {
    return loadMessageFor(deployed, this.vault.open(deployed), this.ipc.maxResultBytes);
  }

  private async load(sandbox: Sandbox, deployed: DeployedFunction, message: LoadMessage): Promise<Sandbox> {
    sandbox.output.belongsTo(recordedAs(deployed));
    try {
      await openEgress(this.egress, sandbox, deployed);
      // None of the function's code has run yet.
      if (sandbox.isGone)
        throw notStarted(new Error('The container ended before it was given its function.'));
      await sandbox.load(message, this.settings.loadTimeoutMs);
      this.loadOutcomes.tell(deployed, loads);
      return sandbox;
    } catch (error) {
      this.loadOutcomes.tell(deployed, outcomeOfFailure(error));
      this.leftovers.add(sandbox.dispose());
      throw error;
    }
  }

  private async boot(
    runtime: Runtime,
    {
      isAwaited,
      ...request
    }: Pick<LaunchRequest, 'codeDirectory' | 'resources' | 'ociRuntime'> & Pick<Creation, 'isAwaited'>,
  ): Promise<Sandbox> {
    const endpoint = await this.ipc.open();
    let container: LaunchedContainer | undefined;
    try {
      container = await this.containers.launch({
        ...request,
        program: programOf(runtime, request.resources.memoryMiB, this.images),
        runDirectory: endpoint.directory,
        token: endpoint.token,
        isAwaited,
      });
      return await this.connect(runtime, container, endpoint);
    } catch (error) {
      this.leftovers.add(this.abandon(container, endpoint));
      throw error;
    }
  }

  private async connect(
    runtime: Runtime,
    container: LaunchedContainer,
    endpoint: WorkerEndpoint,
  ): Promise<Sandbox> {
    const { clock, log, events } = this;
    const output = this.recorderFor(container);
    container.onOutput((stream, bytes) => {
      output.append(stream, bytes);
    });
    const endedEarly = container.ended.then(() => {
      throw notStarted(new Error(`The container ended before its worker connected: ${output.lastLines()}`));
    });
    const session = await withDeadline(this.clock, Promise.race([endpoint.session, endedEarly]), {
      withinMs: this.settings.startTimeoutMs,
      onTimeout: () => notStarted(new Error('The worker did not connect in time.')),
    });
    const meter = new UsageMeter(container, clock, events);
    return new Sandbox({ runtime, container, endpoint, session, output, meter, clock, log });
  }

  private recorderFor(container: LaunchedContainer): OutputRecorder {
    const { clock, log, events, settings } = this;
    const { outputBytes, outputLines, logLineBytes: lineBytes } = settings;
    const limits = { outputBytes, outputLines, lineBytes };
    const onRecorded = (recorded: RecordedOutput) => {
      log.info({ container: container.name, ...recorded }, 'function output');
    };
    return new OutputRecorder({ limits, clock, events, onRecorded });
  }

  private async abandon(container: LaunchedContainer | undefined, endpoint: WorkerEndpoint): Promise<void> {
    await container?.remove();
    await endpoint.close().catch((err: unknown) => {
      this.log.error({ err }, "a container's directory could not be removed");
    });
  }
}

/** No user code has run yet, so a container that does not come up is the platform's fault. */
function notStarted(cause: unknown): DomainError {
  return new DomainError(
    'RUNTIME_UNAVAILABLE',
    'A container for the call could not be started; try again shortly.',
    { retryAfterMs: 1000 },
    { cause },
  );
}

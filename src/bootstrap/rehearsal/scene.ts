import type { INestApplication } from '@nestjs/common';
import { fairShareSettings, type FairShareSettings } from '../../common/budgets/fair-share.settings.js';
import type { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { DeployedFunction } from '../../functions/function.js';
import { AdmissionService } from '../../invocation/admission/admission.service.js';
import { EndedCalls } from '../../invocation/invocation.js';
import { InvocationService } from '../../invocation/invocation.service.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import type { WorkerEndpoint } from '../../ipc/worker-dialect.js';
import { endedInvocationOf } from '../../records/ended-call-record.js';
import { runtimeOf } from '../../runtimes/catalogue.js';
import { OutputRecorder } from '../../sandbox/output/output-recorder.js';
import { IdleGuard } from '../../sandbox/pool/idle-guard.js';
import { Provisioner } from '../../sandbox/pool/provisioner.js';
import { ReadyPools } from '../../sandbox/pool/ready-pools.js';
import { Sandbox } from '../../sandbox/sandbox.js';
import { SandboxEvents } from '../../sandbox/sandbox-events.js';
import { loadMessageFor, SandboxFactory } from '../../sandbox/sandbox.factory.js';
import { SandboxService } from '../../sandbox/sandbox.service.js';
import { sandboxSettings, type SandboxSettings } from '../../sandbox/sandbox.settings.js';
import { UsageMeter } from '../../sandbox/usage-meter.js';
import { ScriptedContainer } from './scripted-container.js';

/** What stands behind the entrance: the use case of a call with one function, whose one sandbox is ready. */
export interface Scene {
  readonly functions: FunctionRegistry;
  readonly invocations: InvocationService;
  /** Removes the sandbox, its endpoint with it. */
  end(): Promise<void>;
}

/** `log` is nobody's. Takes the endpoint over once it resolves. */
export async function makeScene(
  app: INestApplication,
  deployed: DeployedFunction,
  endpoint: WorkerEndpoint,
  log: Log,
): Promise<Scene> {
  const clock = app.get(Clock);
  const shares = app.get<FairShareSettings>(fairShareSettings.config.KEY);
  const functions = new FunctionRegistry({ count: () => undefined }, clock, 1, [deployed]);
  const admission = new AdmissionService(
    clock,
    app.get<InvocationSettings>(invocationSettings.config.KEY),
    shares,
  );
  const endedCalls = new EndedCalls(log);
  endedCalls.onEnded((ended) => {
    endedInvocationOf(ended, clock.wallTime().getTime());
  });
  const { sandboxes, pools } = await makePools(app, deployed, log);
  const sandbox = await makeSandbox(app, deployed, endpoint, log);
  pools.offer(pools.poolOf(deployed), sandbox, false);
  return {
    functions,
    invocations: new InvocationService(functions, admission, sandboxes, endedCalls, clock, log),
    end: () => sandboxes.shutDown(),
  };
}

/** Pools that hold what is put into them: what would make containers is closed from the beginning. */
async function makePools(app: INestApplication, { settings }: DeployedFunction, log: Log) {
  const clock = app.get(Clock);
  const shares = app.get<FairShareSettings>(fairShareSettings.config.KEY);
  const limits: SandboxSettings = {
    ...app.get<SandboxSettings>(sandboxSettings.config.KEY),
    budgetContainers: 1,
    budgetMemoryMiB: settings.memoryMiB,
    warmCalls: Number.MAX_SAFE_INTEGER,
  };
  const factory = app.get(SandboxFactory);
  const pools = new ReadyPools(factory, clock, limits);
  const provisioner = new Provisioner(pools, factory, clock, log, limits, shares);
  await provisioner.shutDown();
  const idleGuard = new IdleGuard(pools, clock, log, limits);
  return { pools, sandboxes: new SandboxService(pools, provisioner, idleGuard, clock, limits) };
}

async function makeSandbox(
  app: INestApplication,
  deployed: DeployedFunction,
  endpoint: WorkerEndpoint,
  log: Log,
): Promise<Sandbox> {
  const clock = app.get(Clock);
  const events = new SandboxEvents(log);
  const container = new ScriptedContainer(endpoint);
  const {
    outputBytes,
    outputLines,
    logLineBytes: lineBytes,
  } = app.get<SandboxSettings>(sandboxSettings.config.KEY);
  const sandbox = new Sandbox({
    runtime: runtimeOf(deployed.settings.runtime),
    container,
    endpoint,
    session: await endpoint.session,
    output: new OutputRecorder({
      limits: { outputBytes, outputLines, lineBytes },
      clock,
      events,
      onRecorded: () => undefined,
    }),
    meter: new UsageMeter(container, clock, events),
    clock,
    log,
  });
  await sandbox.load(loadMessageFor(deployed, {}, 1024), 1000);
  return sandbox;
}

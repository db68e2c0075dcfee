import type { NestExpressApplication } from '@nestjs/platform-express';
import { lookup } from 'node:dns/promises';
import { BindPolicy } from '../auth/http/bind-policy.js';
import { KeyRing } from '../auth/keys/key-ring.js';
import { SessionRing } from '../auth/sessions/session-ring.js';
import { AuthDatabase } from '../auth/store/sqlite/auth-database.js';
import { BuildService } from '../builds/build.service.js';
import { BuildCache } from '../builds/cache/build-cache.js';
import { CodeCheck } from '../code/integrity/code-check.js';
import { RetiredCode } from '../code/store/retired-code.js';
import { ServerDirectory } from '../common/installation/installation.module.js';
import { ThreadEventStore } from '../events/store/thread/thread-event-store.js';
import { Log } from '../common/log/log.js';
import { ContainerService } from '../container/container.service.js';
import { ContainerEngine } from '../container/engine/container-engine.js';
import { ImageBuilder } from '../container/image-builder.js';
import { containerSettings, type ContainerSettings } from '../container/container.settings.js';
import { ChangeCommits } from '../deployment/change-commits.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { FunctionHosts } from '../functions/hosts/function-hosts.js';
import { Catalogue } from '../functions/catalogue.js';
import { resealSecrets, SecretVault } from '../secrets/secret-vault.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { SqliteFunctionStore } from '../functions/store/sqlite/sqlite-function-store.js';
import { httpSettings, type HttpSettings } from '../http/http.settings.js';
import { ServerStop } from '../http/server-stop.js';
import { invocationSettings, type InvocationSettings } from '../invocation/invocation.settings.js';
import { RunningCalls } from '../invocation/running-calls.js';
import { BuildFollowing } from '../api/builds/build-following.js';
import { EventWaiting } from '../api/events/event-waiting.js';
import { EventsLifecycle } from '../events/events-lifecycle.js';
import { RecordedBuilds } from '../builds/records/recorded-builds.js';
import { SqliteBuildStore } from '../builds/store/sqlite/sqlite-build-store.js';
import { LogFeed } from '../records/logs/log-feed.js';
import { RecordKeeper } from '../records/record-keeper.js';
import { Installation } from '../common/installation/installation.js';
import { createRecordsDatabase } from '../records/store/sqlite/sqlite-record-store.js';
import { Scheduler } from '../schedules/scheduler.js';
import { SandboxLifecycle } from '../sandbox/sandbox-lifecycle.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox/sandbox.settings.js';
import type { Part, Step } from './lifecycle.js';

/** For parts that wait for the disk or a name server: far longer than either takes. */
const usualMs = 30_000;

/** For cleaning up after a crash, which may have left any number of code directories and containers. */
const cleaningMs = 300_000;

/** Added to the wait that a setting allows: time for what was ended by force to be gone. */
const forceMs = 10_000;

/** Requests that one launch makes to the engine in sequence, each within the limit of a setting. */
const callsOfLaunch = 3;

const within = (withinMs: number, run: Step['run']): Step => ({ withinMs, run });

/**
 * The parts of the server in the order in which they start; they stop in reverse. So a stop refuses new connections, ends
 * log followers and calls, closes connections, removes containers, writes what they printed, closes the databases, and
 * unlocks the directory last.
 */
export function partsOf(app: NestExpressApplication): readonly Part[] {
  const directory = app.get(ServerDirectory);
  const keyDatabase = app.get(AuthDatabase);
  const eventDatabase = app.get(ThreadEventStore);
  const scheduler = app.get(Scheduler);
  const keys = app.get(KeyRing);
  const sessions = app.get(SessionRing);
  const functionDatabase = app.get(SqliteFunctionStore);
  const secrets = app.get(SecretVault);
  const functions = app.get(Catalogue);
  const records = app.get(RecordKeeper);
  const engine = app.get(ContainerEngine);
  const containers = app.get(ContainerService);
  const images = app.get(ImageBuilder);
  const sandboxes = app.get(SandboxLifecycle);
  const codeCheck = app.get(CodeCheck);
  const builds = app.get(BuildService);
  const buildCache = app.get(BuildCache);
  const retiredCode = app.get(RetiredCode);
  const changes = app.get(ChangeCommits);
  const server = app.get(ServerStop);
  const calls = app.get(RunningCalls);
  const followedLogs = app.get(LogFeed);
  const recordedBuilds = app.get(RecordedBuilds);
  const buildStore = app.get(SqliteBuildStore);
  const followedBuilds = app.get(BuildFollowing);
  const waitingForEvents = app.get(EventWaiting);
  const events = app.get(EventsLifecycle);
  const limits = limitsOf(app);
  return [
    {
      name: 'directory',
      start: within(usualMs, () => {
        directory.open();
      }),
      stop: within(usualMs, () => {
        directory.release();
      }),
    },
    {
      name: 'database of functions',
      start: within(usualMs, () => functionDatabase.open()),
      stop: within(usualMs, () => functionDatabase.close()),
    },
    {
      name: 'database of keys',
      start: within(usualMs, () => keyDatabase.open()),
      stop: within(usualMs, () => keyDatabase.close()),
    },
    {
      name: 'database of events',
      // Looked through as a whole, and a million events may be waiting in it.
      start: within(cleaningMs, () => eventDatabase.open()),
      stop: within(usualMs, () => eventDatabase.close()),
    },
    { name: 'keys', start: within(usualMs, () => keys.load()) },
    { name: 'sessions', start: within(usualMs, () => sessions.load()) },
    {
      name: 'functions',
      start: within(usualMs, async () => {
        await functions.start();
        app.get(FunctionHosts).logConflicts();
      }),
      stop: within(usualMs, () => functions.stop()),
    },
    {
      name: 'master keys',
      start: within(usualMs, () => {
        secrets.readKeys();
      }),
    },
    {
      name: 'secrets',
      start: within(cleaningMs, () =>
        resealSecrets(app.get(FunctionRegistry), functions, app.get(FunctionStore), secrets, app.get(Log)),
      ),
    },
    {
      name: 'published code',
      start: within(cleaningMs, () => codeCheck.sweep()),
      stop: within(usualMs, () => {
        changes.close();
        retiredCode.close();
      }),
    },
    {
      name: 'records',
      start: within(usualMs, async () => {
        await createRecordsDatabase(app.get(Installation).recordsDatabase);
        records.start();
      }),
      stop: within(usualMs, () => records.stop()),
    },
    {
      name: 'records of builds',
      start: within(usualMs, async () => {
        const aside = await buildStore.open(app.get(Installation).buildsDatabase);
        if (aside) app.get(Log).warn(aside, 'the database of builds could not be used and was set aside');
        await recordedBuilds.start();
      }),
      stop: within(usualMs, async () => {
        await recordedBuilds.stop();
        buildStore.close();
      }),
    },
    {
      name: 'container engine',
      start: within(usualMs, () => engine.open()),
      stop: within(usualMs, () => engine.close()),
    },
    {
      name: 'containers',
      start: within(cleaningMs, () => containers.start()),
      stop: within(limits.drainMs, () => containers.drain()),
    },
    {
      name: 'sandboxes',
      start: within(cleaningMs, () => sandboxes.start()),
      stop: within(limits.makingMs, () => sandboxes.stop()),
    },
    // Stops before the sandboxes, which would wait for the images that theirs need.
    { name: 'building of images', stop: within(usualMs, () => images.stop()) },
    {
      name: 'check of published code',
      start: within(usualMs, () => {
        codeCheck.start();
      }),
      stop: within(usualMs, () => codeCheck.close()),
    },
    {
      name: 'routes',
      start: within(usualMs, () => app.init()),
      stop: within(usualMs, () => app.close()),
    },
    { name: 'connections', stop: within(limits.closeMs, () => server.closeConnections()) },
    { name: 'calls', stop: within(limits.graceMs, () => calls.drain()) },
    // Stops before the calls, so that events that run are let finish as calls are, and none begins.
    {
      name: 'events',
      start: within(cleaningMs, () => events.start()),
      stop: within(usualMs, () => events.stop()),
    },
    // Stops before the connections, so that whoever waits for one is told.
    {
      name: 'builds',
      start: within(cleaningMs, () => buildCache.sweep()),
      stop: within(usualMs, () => builds.stop()),
    },
    {
      name: 'followed logs',
      stop: within(usualMs, () => {
        followedLogs.close();
      }),
    },
    {
      name: 'followed builds',
      stop: within(usualMs, () => {
        followedBuilds.close();
      }),
    },
    {
      name: 'waiting for events',
      stop: within(usualMs, () => {
        waitingForEvents.close();
      }),
    },
    // Starts once an event can be accepted, and fires nothing more once the server stops.
    {
      name: 'schedules',
      start: within(cleaningMs, () => scheduler.start()),
      stop: within(usualMs, () => scheduler.stop()),
    },
    {
      name: 'listener',
      start: within(usualMs, () => listen(app)),
      stop: within(usualMs, () => {
        server.refuseConnections();
      }),
    },
  ];
}

/** Deadlines that follow from settings: each is longer than the settings allow the part itself, which ends by force. */
function limitsOf(app: NestExpressApplication) {
  const { drainTimeoutMs, callTimeoutMs } = app.get<ContainerSettings>(containerSettings.config.KEY);
  const { startTimeoutMs, loadTimeoutMs } = app.get<SandboxSettings>(sandboxSettings.config.KEY);
  const { shutdownGraceSeconds } = app.get<InvocationSettings>(invocationSettings.config.KEY);
  const { closeTimeoutMs } = app.get<HttpSettings>(httpSettings.config.KEY);
  return {
    drainMs: drainTimeoutMs + callTimeoutMs + forceMs,
    // A container that is being created is finished first, so that nothing of it is left behind.
    makingMs: callsOfLaunch * callTimeoutMs + startTimeoutMs + loadTimeoutMs + forceMs,
    graceMs: shutdownGraceSeconds * 1000 + forceMs,
    closeMs: closeTimeoutMs + forceMs,
  };
}

/** Starts to accept connections, unless the bind policy refuses the address. */
async function listen(app: NestExpressApplication): Promise<void> {
  const { host, port } = app.get<HttpSettings>(httpSettings.config.KEY);
  // Resolved once, so that the address that is checked is the one that is bound.
  const { address } = await lookup(host);
  app.get(BindPolicy).require(address);
  await app.listen(port, address);
}

import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { RecordingAuditTrail } from '../../test/fakes/recording-audit-trail.js';
import { zipOf } from '../../test/support/archives/crafted-zip.js';
import { codeThread } from '../../test/support/archives/code-thread.js';
import { AuditTrail } from '../common/audit/audit-trail.js';
import { Installation } from '../common/installation/installation.js';
import { openInstallation } from '../common/installation/open-installation.js';
import { JsonBodies } from '../common/request-body/json-bodies.js';
import { Log } from '../common/log/log.js';
import { CodeThread } from './archive/code-thread.js';
import { DeletionService } from './deletion.service.js';
import { DeployService } from './deploy/deploy.service.js';
import { parseFunctionName } from './function-name.js';
import { FunctionRegistry } from './function-registry.js';
import { FunctionsLifecycle } from './functions-lifecycle.js';
import { FunctionsModule } from './functions.module.js';
import { SecretVault } from './secrets/secret-vault.js';
import { FunctionStore } from './store/function-store.js';
import { SqliteFunctionStore } from './store/sqlite/sqlite-function-store.js';

const hello = parseFunctionName('hello');
let directory: string;
let installation: Installation;

beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), 'glambdar-functions-')));
  const opened = openInstallation(directory);
  installation = opened.installation;
  opened.lock.release();
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** The module as the server starts it, on a directory of the test's own. */
async function start(): Promise<INestApplicationContext> {
  @Global()
  @Module({
    providers: [
      { provide: Installation, useValue: installation },
      { provide: Log, useValue: new RecordingLog() },
      { provide: AuditTrail, useValue: new RecordingAuditTrail() },
      { provide: JsonBodies, useValue: new JsonBodies({ total: 1_000_000, share: 500_000 }) },
    ],
    exports: [Installation, Log, AuditTrail, JsonBodies],
  })
  class Surroundings {}

  const testing = await Test.createTestingModule({ imports: [Surroundings, FunctionsModule] })
    .overrideProvider(CodeThread)
    .useValue(codeThread)
    .compile();
  testing.get(SqliteFunctionStore).open();
  testing.get(SecretVault).readKeys();
  await testing.get(FunctionsLifecycle).start();
  return testing;
}

async function stop(server: INestApplicationContext): Promise<void> {
  await server.get(FunctionsLifecycle).stop();
  await server.get(FunctionStore).close();
}

async function deploy(server: INestApplicationContext): Promise<void> {
  const deploys = server.get(DeployService);
  const content = Readable.from([zipOf({ 'index.js': 'exports.handler = () => 1' })]);
  await deploys.deploy(await deploys.receive('hello.zip', content), { settings: {}, strict: false });
}

describe('FunctionsModule', () => {
  it('finds functions and counts again after a stop', async () => {
    const first = await start();
    await deploy(first);
    const registry = first.get(FunctionRegistry);
    registry.admitted(registry.lease(hello));
    const before = registry.list();
    await stop(first);
    const second = await start();
    expect(second.get(FunctionRegistry).list()).toEqual(before);
    expect(before[0]?.invokeCount).toBe(1);
    await stop(second);
  });

  it('leaves nothing of a deleted function on the disk', async () => {
    const server = await start();
    await deploy(server);
    expect(readdirSync(installation.functions)).toHaveLength(1);
    await server.get(DeletionService).delete(hello);
    expect(readdirSync(installation.functions)).toEqual([]);
    expect(readdirSync(installation.staging)).toEqual([]);
    await stop(server);
  });

  it('does not start without its database when there is code of functions', async () => {
    const server = await start();
    await deploy(server);
    await stop(server);
    rmSync(installation.database);
    await expect(start()).rejects.toThrow(/Restore it from a backup/);
    expect(readdirSync(installation.functions)).toHaveLength(1);
  });
});

import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Global, Module, type INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { ScriptedSandboxes } from '../../test/fakes/scripted-sandboxes.js';
import { codeThread } from '../../test/support/threads.js';
import { zipOf } from '../../test/support/zip.js';
import { CodeThread } from '../code/thread/code-thread.js';
import { ServerNames } from '../common/network/server-names.js';
import { Installation } from '../common/installation/installation.js';
import { openInstallation } from '../common/installation/open-installation.js';
import { Log } from '../common/log/log.js';
import { parseFunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { DeletionService } from './deletion.service.js';
import { DeployService } from './deploy.service.js';
import { DeploymentModule } from './deployment.module.js';
import { SecretVault } from '../secrets/secret-vault.js';
import { Catalogue } from '../functions/catalogue.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { SqliteFunctionStore } from '../functions/store/sqlite/sqlite-function-store.js';

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

/** The module as the server starts it, on a directory of the test's own and without containers. */
async function start(): Promise<INestApplicationContext> {
  @Global()
  @Module({
    providers: [
      { provide: Installation, useValue: installation },
      { provide: Log, useValue: new RecordingLog() },
      { provide: ServerNames, useValue: new ServerNames(new Set()) },
    ],
    exports: [Installation, Log, ServerNames],
  })
  class Surroundings {}

  @Module({
    providers: [{ provide: SandboxService, useValue: new ScriptedSandboxes() }],
    exports: [SandboxService],
  })
  class Sandboxes {}

  const testing = await Test.createTestingModule({ imports: [Surroundings, DeploymentModule] })
    .overrideModule(SandboxModule)
    .useModule(Sandboxes)
    .overrideProvider(CodeThread)
    .useValue(codeThread)
    .compile();
  await testing.get(SqliteFunctionStore).open();
  testing.get(SecretVault).readKeys();
  await testing.get(Catalogue).start();
  return testing;
}

async function stop(server: INestApplicationContext): Promise<void> {
  await server.get(Catalogue).stop();
  await server.get(FunctionStore).close();
}

async function deploy(server: INestApplicationContext): Promise<void> {
  const deploys = server.get(DeployService);
  const content = Readable.from([zipOf({ 'index.js': 'exports.handler = () => 1' })]);
  await deploys.deploy(await deploys.receive('hello.zip', content), { settings: {}, strict: false });
}

describe('DeploymentModule', () => {
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
    expect(readdirSync(installation.node.staging)).toEqual([]);
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

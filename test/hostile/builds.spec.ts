import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HeldRegistry } from '../support/builds/held-registry.js';
import { buildContainersOf, containersOf } from '../support/engine.js';
import { zipOf } from '../support/zip.js';
import { HostileServer } from './server.js';
import { withDirectory } from './with-server.js';
import { attack } from './trial.js';

/** The server is killed while a build waits for its registry: the next start finds nothing of it, and what was there serves. */
attack({
  name: 'builds',
  quick: 2,
  full: 50,
  run: (trial) =>
    withDirectory(async (directory) => {
      const registry = await HeldRegistry.open();
      const settings = {
        GLAMBDAR_BUILD_REGISTRIES: registry.url,
        // As the set-up of the run has named and can make it.
        GLAMBDAR_BUILD_IMAGE: process.env['GLAMBDAR_BUILD_IMAGE'] ?? '',
        GLAMBDAR_IMAGE_PROGRAM: process.env['GLAMBDAR_IMAGE_PROGRAM'] ?? '',
      };
      try {
        for (let round = 0; round < trial.count; round += 1) {
          const server = await HostileServer.start({ directory, settings });
          try {
            if (round === 0) await server.client.deploy('shop', `exports.handler = () => 'old';`);
            const asked = registry.asked();
            const publishing = server.client.publish('shop', unfinished(registry.url));
            const tooSoon = publishing.then(({ text }) => {
              throw new Error(`The build has ended: ${text}`);
            });
            await Promise.race([asked, tooSoon]);
            await server.kill();
            await publishing.catch(() => undefined);
          } finally {
            await server.kill();
          }
          await trial.case(`kill ${round}`, () => isAsBefore(directory, settings));
        }
        trial.measured(await leftAfterStop(directory));
      } finally {
        registry.close();
      }
    }),
});

const unfinished = (registry: string): Buffer =>
  zipOf({
    'index.js': `exports.handler = () => 'new';`,
    'package.json': JSON.stringify({ dependencies: { slow: `${registry}slow.tgz` } }),
  });

async function isAsBefore(directory: string, settings: Readonly<Record<string, string>>): Promise<void> {
  const server = await HostileServer.start({ directory, settings });
  try {
    const builds = await buildContainersOf(await server.installationId());
    if (builds.length > 0) throw new Error(`Containers of builds: ${builds.join()}`);
    const staged = await server.filesIn('staging');
    if (staged.length > 0) throw new Error(`Staged code of a dead server: ${staged.join()}`);
    const cached = await readdir(join(directory, 'build-cache')).catch(() => []);
    if (cached.length > 0) throw new Error(`Half a cache: ${cached.join()}`);
    const { text } = await server.client.invoke('shop');
    if (!text.includes('old')) throw new Error(`shop answers ${text}`);
    const { versions } = JSON.parse((await server.client.get('/versions/shop')).text) as {
      versions: unknown[];
    };
    if (versions.length !== 1) throw new Error(`shop has ${versions.length} versions.`);
  } finally {
    await server.kill();
  }
}

async function leftAfterStop(directory: string): Promise<string[]> {
  const server = await HostileServer.start({ directory });
  await server.client.deleteAll();
  const installationId = await server.installationId();
  await server.stop();
  const left = [...(await server.filesIn('run')), ...(await server.filesIn('staging'))];
  return [...left, ...(await containersOf(installationId))];
}

/** What the engine itself takes: the server's own container, made by hand, until its worker has said hello. */
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DIST_DIRECTORY } from '../../../scripts/setup/project.mjs';
import type { ContainerSettings } from '../../../src/container/container.settings.js';
import type { FunctionDefaults } from '../../../src/functions/settings/default-settings.js';
import type { RuntimesSettings } from '../../../src/runtimes/runtimes.settings.js';
import { HELLO_SOURCE } from '../system/functions.js';
import type { DockerClient } from './docker-client.js';

/** Compiled from the server's source, so that the container is the same to the last setting. */
const COMPILED = path.join(DIST_DIRECTORY, 'src');
/** Outside the range that servers hand out by default. */
const UID = 199_999;

/**
 * Creates, starts, waits for the first bytes on the socket; removes the container afterwards, off the clock.
 * @param directory an empty one of its own
 */
export async function startByHand(
  engine: DockerClient,
  image: string,
  directory: string,
): Promise<{ tookMs: number; createMs: number; startMs: number }> {
  const places = await makeDirectories(directory);
  const hello = listenForHello(path.join(places.runDirectory, 'socket'));
  await hello.listening;
  const name = `glambdar-bench-${randomBytes(6).toString('hex')}`;
  const body = await requestFor(name, image, places);
  try {
    const startedAt = performance.now();
    await engine.create(name, body);
    const createdAt = performance.now();
    await engine.start(name);
    const runningAt = performance.now();
    await hello.said;
    return {
      tookMs: performance.now() - startedAt,
      createMs: createdAt - startedAt,
      startMs: runningAt - createdAt,
    };
  } finally {
    hello.close();
    await engine.remove(name);
  }
}

interface Places {
  runDirectory: string;
  codeDirectory: string;
}

/** The body of the create call, with the server's own limits. */
async function requestFor(name: string, image: string, { runDirectory, codeDirectory }: Places) {
  const { containerSpec } = (await compiled(
    'container/container-spec.js',
  )) as typeof import('../../../src/container/container-spec.js');
  const { containerSettings } = (await compiled(
    'container/container.settings.js',
  )) as typeof import('../../../src/container/container.settings.js');
  const { createRequest } = (await compiled(
    'container/engine/docker/create-request.js',
  )) as typeof import('../../../src/container/engine/docker/create-request.js');
  const { programOf, runtimeOf } = (await compiled(
    'runtimes/catalogue.js',
  )) as typeof import('../../../src/runtimes/catalogue.js');
  const { defaultRuntime } = (await compiled(
    'runtimes/runtime.js',
  )) as typeof import('../../../src/runtimes/runtime.js');
  const { runtimesSettings } = (await compiled(
    'runtimes/runtimes.settings.js',
  )) as typeof import('../../../src/runtimes/runtimes.settings.js');
  const { functionDefaults } = (await compiled(
    'functions/settings/default-settings.js',
  )) as typeof import('../../../src/functions/settings/default-settings.js');
  const owner = { installation: 'bench', instance: 'bench' };
  const resources = functionDefaults.config() as FunctionDefaults;
  const images = { ...(runtimesSettings.config() as RuntimesSettings), [defaultRuntime]: image };
  const request = {
    program: programOf(runtimeOf(defaultRuntime), resources.memoryMiB, images),
    runDirectory,
    codeDirectory,
    token: '0'.repeat(64),
    resources,
  };
  return createRequest(
    containerSpec(request, { name, uid: UID, owner }, containerSettings.config() as ContainerSettings),
  );
}

function compiled(file: string): Promise<unknown> {
  return import(pathToFileURL(path.join(COMPILED, file)).href);
}

async function makeDirectories(directory: string): Promise<Places> {
  const runDirectory = path.join(directory, 'run');
  const codeDirectory = path.join(directory, 'code');
  for (const made of [directory, runDirectory, path.join(runDirectory, 'code'), codeDirectory]) {
    await mkdir(made, { recursive: true });
    await chmod(made, 0o755);
  }
  await writeFile(path.join(codeDirectory, 'index.js'), HELLO_SOURCE);
  const hostsFile = path.join(runDirectory, 'hosts');
  await writeFile(hostsFile, '127.0.0.1 localhost\n');
  return { runDirectory, codeDirectory };
}

function listenForHello(socketPath: string) {
  const server = net.createServer();
  const said = new Promise<void>((resolve) => {
    server.once('connection', (socket) => {
      socket.once('data', () => {
        resolve();
      });
      // The container is killed when it has said hello.
      socket.on('error', () => undefined);
      socket.once('close', () => socket.destroy());
    });
  });
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: socketPath, readableAll: true, writableAll: true }, resolve);
  });
  return { said, listening, close: () => server.close() };
}

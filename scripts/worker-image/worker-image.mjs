/** Makes sure that the images are there that fit this build, each when it is wanted. */
import { realpath } from 'node:fs/promises';
import { say, step } from '../setup/progress.mjs';
import { projectNode } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';
import { initProgram } from './init-program.mjs';
import { BUILD_DOCKERFILE, builderContext, builderFiles, namedBuilderFiles } from './build-image.mjs';
import {
  buildContext,
  DOCKERFILE,
  imageFromScratch,
  NODE_PATH,
  readStartInstructions,
  referenceOf,
  workerFiles,
} from './image-contents.mjs';
import { DEFAULT_RUNTIME, isOfBuilds, lockedNode, runtimeOf, withNodeOf } from './runtime-node.mjs';
import { cLibraryBeside, sharedLibrariesOf } from './shared-libraries.mjs';

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 * @typedef {import('./runtime-node.mjs').RuntimeName} RuntimeName
 * @typedef {import('./runtime-node.mjs').ImageName} ImageName
 * @typedef {import('./image-store.mjs').ImageDefinition} ImageDefinition
 * @typedef {import('./image-store.mjs').ImageStore} ImageStore
 * @typedef {object} ImageRecipe
 * @property {string} reference known before anything is fetched or made
 * @property {(make: (image: ImageDefinition) => Promise<void>) => Promise<void>} prepare gives what to make it from
 */

const MEBIBYTE = 1_048_576;

/**
 * What an image is called, whether it is there or not: that follows from its content alone.
 * @param {ImageStore} store
 * @param {ImageName} name
 */
export async function imageReference(store, name) {
  return (await recipeOf(store, name)).reference;
}

/**
 * Resolves to the image's reference; makes the image if the store lacks it.
 * @param {ImageStore} store
 * @param {ImageName} [name]
 * @throws {SetupError} with the engine's own words when it cannot make it
 */
export async function ensureImage(store, name = DEFAULT_RUNTIME) {
  const { reference, prepare } = await recipeOf(store, name);
  if ((await store.sizeOf(reference)) !== undefined) return reference;
  await prepare((image) => step(`Building the image of ${name}`, () => store.make(image)));
  const sizeBytes = (await store.sizeOf(reference)) ?? 0;
  say(`Image of ${name}, ${reference}: ${Math.round(sizeBytes / MEBIBYTE)} MiB`);
  await store.removeOld(reference);
  return reference;
}

/** @param {ImageStore} store @param {ImageName} name */
async function recipeOf(store, name) {
  const recipe = await recipeFromScratch(name);
  if (recipe !== undefined) return recipe;
  if (store.buildsDockerfiles) return recipeFromDockerfile(name);
  throw new SetupError(
    'Images without a Docker Engine need `tini-static` or `docker-init`, and `ldd`, on this machine: install tini (Debian, Ubuntu: `apt-get install tini`), then run this again.',
  );
}

/** @param {ImageName} name */
function repositoryOf(name) {
  const repository = isOfBuilds(name) ? 'glambdar-build' : 'glambdar-worker';
  const runtime = runtimeOf(name);
  return runtime === DEFAULT_RUNTIME ? repository : `${repository}-${runtime}`;
}

/**
 * From the Node.js that npm installs: needs no registry of images, and takes seconds. Only where containers run the same
 * kind of system as this machine, which has a first process for them, and whose libraries can be listed.
 * @param {ImageName} name
 * @returns {Promise<ImageRecipe | undefined>}
 */
async function recipeFromScratch(name) {
  if (process.platform !== 'linux') return undefined;
  const runtime = runtimeOf(name);
  const init = await initProgram();
  const [forName, forImage] = isOfBuilds(name)
    ? [namedBuilderFiles, builderFiles]
    : [workerFiles, workerFiles];
  const own = init && (await contentsWith(await realpath(projectNode()), init, forName));
  if (!own) return undefined;
  const instructions = await readStartInstructions(isOfBuilds(name) ? BUILD_DOCKERFILE : DOCKERFILE);
  const named = runtime === DEFAULT_RUNTIME ? own : await withLockedNode(own, runtime);
  const reference = await referenceOf(repositoryOf(name), named, instructions);
  return {
    reference,
    prepare: (make) =>
      withNodeOf(runtime, async (node) => {
        const entries = await contentsWith(node, init, forImage);
        if (!entries) throw new SetupError(lacksLibraries(runtime));
        await make({ from: 'scratch', reference, entries, instructions });
      }),
  };
}

/**
 * @param {string} node
 * @param {string} init
 * @param {() => Promise<ArchiveEntry[]>} own what the image is for
 * @returns {Promise<ArchiveEntry[] | undefined>} undefined where its libraries cannot be listed or are not all there
 */
async function contentsWith(node, init, own) {
  const libraries = await sharedLibrariesOf(node);
  if (libraries === undefined) return undefined;
  return imageFromScratch({ node, init }, [...libraries, ...(await cLibraryBeside(libraries))], own);
}

/**
 * What an image is named by whose Node.js is not here: everything else that it will hold, and what the lock file says of
 * that.
 * @param {readonly ArchiveEntry[]} entries
 * @param {RuntimeName} runtime
 * @returns {Promise<ArchiveEntry[]>}
 */
async function withLockedNode(entries, runtime) {
  const text = JSON.stringify((await lockedNode(runtime)).packages);
  const others = entries.filter((entry) => entry.path !== NODE_PATH);
  return [...others, { kind: 'text', path: NODE_PATH, mode: 0o755, text }];
}

/** @param {RuntimeName} runtime */
function lacksLibraries(runtime) {
  const needed = runtime === 'nodejs26.x' ? ' (Debian: apt-get install libatomic1)' : '';
  return `The Node.js of ${runtime} needs a shared library that this machine lacks: install it${needed}, then run this again.`;
}

/**
 * From the official image of Node.js, by the Dockerfile.
 * @param {ImageName} name
 * @returns {Promise<ImageRecipe>}
 */
async function recipeFromDockerfile(name) {
  const runtime = runtimeOf(name);
  const entries = await (isOfBuilds(name) ? builderContext() : buildContext());
  const version = runtime === DEFAULT_RUNTIME ? undefined : (await lockedNode(runtime)).version;
  const reference = await referenceOf(repositoryOf(name), entries, version === undefined ? [] : [version]);
  const buildArguments = version === undefined ? {} : { NODE_VERSION: version };
  return { reference, prepare: (make) => make({ from: 'dockerfile', reference, entries, buildArguments }) };
}

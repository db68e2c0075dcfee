/** Makes sure that the engine has the images that fit this build, each when it is wanted. */
import { realpath } from 'node:fs/promises';
import { askEngine } from '../engine/engine-api.mjs';
import { tarOf } from '../archive/tar-archive.mjs';
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
import { removeOldImages } from './old-images.mjs';
import { DEFAULT_RUNTIME, isOfBuilds, lockedNode, runtimeOf, withNodeOf } from './runtime-node.mjs';
import { cLibraryBeside, sharedLibrariesOf } from './shared-libraries.mjs';

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 * @typedef {import('./runtime-node.mjs').RuntimeName} RuntimeName
 * @typedef {import('./runtime-node.mjs').ImageName} ImageName
 * @typedef {{ path: string, entries: ArchiveEntry[] }} ImageRequest what to ask the engine, and with which files
 * @typedef {object} ImageRecipe
 * @property {string} reference known before anything is fetched or made
 * @property {(make: (request: ImageRequest) => Promise<void>) => Promise<void>} prepare gives what to make it with
 */

const BUILD_TIMEOUT_MS = 600_000;
const MEBIBYTE = 1_048_576;

/**
 * What an image is called, whether the engine has it or not: that follows from its content alone.
 * @param {ImageName} name
 */
export async function imageReference(name) {
  return (await recipeOf(name)).reference;
}

/**
 * Resolves to the image's reference; makes the image if the engine lacks it.
 * @param {string} socketPath
 * @param {ImageName} [name]
 * @throws {SetupError} with the engine's own words when it cannot make it
 */
export async function ensureImage(socketPath, name = DEFAULT_RUNTIME) {
  const { reference, prepare } = await recipeOf(name);
  if ((await sizeOf(socketPath, reference)) !== undefined) return reference;
  await prepare((request) => step(`Building the image of ${name}`, () => make(socketPath, request)));
  const sizeBytes = (await sizeOf(socketPath, reference)) ?? 0;
  say(`Image of ${name}, ${reference}: ${Math.round(sizeBytes / MEBIBYTE)} MiB`);
  await removeOldImages(socketPath, reference);
  return reference;
}

/** @param {ImageName} name */
async function recipeOf(name) {
  return (await recipeFromScratch(name)) ?? (await recipeFromDockerfile(name));
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
  const query = new URLSearchParams({ fromSrc: '-', ...repositoryAndTag(reference) });
  for (const instruction of instructions) query.append('changes', instruction);
  return {
    reference,
    prepare: (make) =>
      withNodeOf(runtime, async (node) => {
        const entries = await contentsWith(node, init, forImage);
        if (!entries) throw new SetupError(lacksLibraries(runtime));
        await make({ path: `/images/create?${query}`, entries });
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
  const query = new URLSearchParams({ t: reference, rm: '1', forcerm: '1' });
  if (version !== undefined) query.set('buildargs', JSON.stringify({ NODE_VERSION: version }));
  return { reference, prepare: (make) => make({ path: `/build?${query}`, entries }) };
}

/** @param {string} reference */
function repositoryAndTag(reference) {
  const [repo = '', tag = ''] = reference.split(':');
  return { repo, tag };
}

/**
 * @param {string} socketPath
 * @param {ImageRequest} request
 */
async function make(socketPath, { path, entries }) {
  const answer = await askEngine(socketPath, {
    method: 'POST',
    path,
    tar: tarOf(entries),
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  const failure = answer.status === 200 ? failureIn(answer.text) : answer.text;
  if (failure !== undefined) throw new SetupError('The Docker Engine could not build the image.', failure);
}

/**
 * The engine says 200 before it begins; what goes wrong later stands in a line of its answer.
 * @param {string} text one JSON object a line
 * @returns {string | undefined}
 */
export function failureIn(text) {
  for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
    const { error } = JSON.parse(line);
    if (typeof error === 'string') return error;
  }
  return undefined;
}

/**
 * @param {string} socketPath
 * @param {string} reference
 * @returns {Promise<number | undefined>} bytes; undefined if there is no such image
 */
async function sizeOf(socketPath, reference) {
  const { status, text } = await askEngine(socketPath, { path: `/images/${reference}/json` });
  return status === 200 ? JSON.parse(text).Size : undefined;
}

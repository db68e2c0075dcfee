/** Makes sure that the engine has the images that fit this build, each runtime's when it is wanted. */
import { realpath } from 'node:fs/promises';
import { askEngine } from '../engine/engine-api.mjs';
import { tarOf } from '../archive/tar-archive.mjs';
import { say, step } from '../setup/progress.mjs';
import { projectNode } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';
import { initProgram } from './init-program.mjs';
import {
  buildContext,
  imageFromScratch,
  NODE_PATH,
  readStartInstructions,
  referenceOf,
} from './image-contents.mjs';
import { removeOldImages } from './old-images.mjs';
import { DEFAULT_RUNTIME, lockedNode, withNodeOf } from './runtime-node.mjs';
import { cLibraryBeside, sharedLibrariesOf } from './shared-libraries.mjs';

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 * @typedef {import('./runtime-node.mjs').RuntimeName} RuntimeName
 * @typedef {{ path: string, entries: ArchiveEntry[] }} ImageRequest what to ask the engine, and with which files
 * @typedef {object} ImageRecipe
 * @property {string} reference known before anything is fetched or made
 * @property {(make: (request: ImageRequest) => Promise<void>) => Promise<void>} prepare gives what to make it with
 */

const BUILD_TIMEOUT_MS = 600_000;
const MEBIBYTE = 1_048_576;

/**
 * What the image of a runtime is called, whether the engine has it or not: that follows from its content alone.
 * @param {RuntimeName} runtime
 */
export async function imageReference(runtime) {
  return (await recipeOf(runtime)).reference;
}

/**
 * Resolves to the image's reference; makes the image if the engine lacks it.
 * @param {string} socketPath
 * @param {RuntimeName} [runtime]
 * @throws {SetupError} with the engine's own words when it cannot make it
 */
export async function ensureWorkerImage(socketPath, runtime = DEFAULT_RUNTIME) {
  const { reference, prepare } = await recipeOf(runtime);
  if ((await sizeOf(socketPath, reference)) !== undefined) return reference;
  await prepare((request) => step(`Building the image of ${runtime}`, () => make(socketPath, request)));
  const sizeBytes = (await sizeOf(socketPath, reference)) ?? 0;
  say(`Image of ${runtime}, ${reference}: ${Math.round(sizeBytes / MEBIBYTE)} MiB`);
  await removeOldImages(socketPath, reference);
  return reference;
}

/** @param {RuntimeName} runtime */
async function recipeOf(runtime) {
  return (await recipeFromScratch(runtime)) ?? (await recipeFromDockerfile(runtime));
}

/** @param {RuntimeName} runtime */
function repositoryOf(runtime) {
  return runtime === DEFAULT_RUNTIME ? 'glambdar-worker' : `glambdar-worker-${runtime}`;
}

/**
 * From the Node.js that npm installs: needs no registry of images, no shell, and takes seconds. Only where containers run
 * the same kind of system as this machine, which has a first process for them, and whose libraries can be listed.
 * @param {RuntimeName} runtime
 * @returns {Promise<ImageRecipe | undefined>}
 */
async function recipeFromScratch(runtime) {
  if (process.platform !== 'linux') return undefined;
  const init = await initProgram();
  const own = init && (await contentsWith(await realpath(projectNode()), init));
  if (!own) return undefined;
  const instructions = await readStartInstructions();
  const named = runtime === DEFAULT_RUNTIME ? own : await withLockedNode(own, runtime);
  const reference = await referenceOf(repositoryOf(runtime), named, instructions);
  const query = new URLSearchParams({ fromSrc: '-', ...repositoryAndTag(reference) });
  for (const instruction of instructions) query.append('changes', instruction);
  return {
    reference,
    prepare: (make) =>
      withNodeOf(runtime, async (node) => {
        const entries = await contentsWith(node, init);
        if (!entries) throw new SetupError(lacksLibraries(runtime));
        await make({ path: `/images/create?${query}`, entries });
      }),
  };
}

/**
 * @param {string} node
 * @param {string} init
 * @returns {Promise<ArchiveEntry[] | undefined>} undefined where its libraries cannot be listed or are not all there
 */
async function contentsWith(node, init) {
  const libraries = await sharedLibrariesOf(node);
  if (libraries === undefined) return undefined;
  return imageFromScratch({ node, init }, [...libraries, ...(await cLibraryBeside(libraries))]);
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
 * @param {RuntimeName} runtime
 * @returns {Promise<ImageRecipe>}
 */
async function recipeFromDockerfile(runtime) {
  const entries = await buildContext();
  const version = runtime === DEFAULT_RUNTIME ? undefined : (await lockedNode(runtime)).version;
  const reference = await referenceOf(repositoryOf(runtime), entries, version === undefined ? [] : [version]);
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

/** Makes sure that the engine has the worker image that fits this build. */
import { realpath } from 'node:fs/promises';
import { askEngine } from '../engine/engine-api.mjs';
import { tarOf } from '../archive/tar-archive.mjs';
import { say, step } from '../setup/progress.mjs';
import { projectNode } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';
import { cLibraryBeside } from './c-library.mjs';
import { initProgram } from './init-program.mjs';
import { buildContext, imageFromScratch, readStartInstructions, referenceOf } from './image-contents.mjs';
import { removeOldImages } from './old-images.mjs';
import { sharedLibrariesOf } from './shared-libraries.mjs';

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 * @typedef {{ reference: string, entries: ArchiveEntry[], path: string }} ImageRecipe `path` is what to ask the engine
 */

const BUILD_TIMEOUT_MS = 600_000;
const MEBIBYTE = 1_048_576;

/**
 * Resolves to the image's reference, which follows from its content alone; makes the image if the engine lacks it.
 * @param {string} socketPath
 * @throws {SetupError} with the engine's own words when it cannot make it
 */
export async function ensureWorkerImage(socketPath) {
  const recipe = (await recipeFromScratch()) ?? (await recipeFromDockerfile());
  const { reference } = recipe;
  if ((await sizeOf(socketPath, reference)) !== undefined) return reference;
  await step('Making the worker image', () => make(socketPath, recipe));
  const sizeBytes = (await sizeOf(socketPath, reference)) ?? 0;
  say(`Worker image ${reference}: ${Math.round(sizeBytes / MEBIBYTE)} MiB`);
  await removeOldImages(socketPath, reference);
  return reference;
}

/**
 * From the Node.js that npm installed: needs no registry, no shell, and takes seconds. Only where containers run the
 * same kind of system as this machine, which has a first process for them, and whose libraries can be listed.
 * @returns {Promise<ImageRecipe | undefined>}
 */
async function recipeFromScratch() {
  if (process.platform !== 'linux') return undefined;
  const node = await realpath(projectNode());
  const init = await initProgram();
  const libraries = await sharedLibrariesOf(node);
  if (init === undefined || libraries === undefined) return undefined;
  const entries = await imageFromScratch({ node, init }, [
    ...libraries,
    ...(await cLibraryBeside(libraries)),
  ]);
  const instructions = await readStartInstructions();
  const reference = await referenceOf(entries, instructions);
  const query = new URLSearchParams({ fromSrc: '-', ...repositoryAndTag(reference) });
  for (const instruction of instructions) query.append('changes', instruction);
  return { reference, entries, path: `/images/create?${query}` };
}

/**
 * From the official image of Node.js, by the Dockerfile.
 * @returns {Promise<ImageRecipe>}
 */
async function recipeFromDockerfile() {
  const entries = await buildContext();
  const reference = await referenceOf(entries, []);
  const query = new URLSearchParams({ t: reference, rm: '1', forcerm: '1' });
  return { reference, entries, path: `/build?${query}` };
}

/** @param {string} reference */
function repositoryAndTag(reference) {
  const [repo = '', tag = ''] = reference.split(':');
  return { repo, tag };
}

/**
 * @param {string} socketPath
 * @param {ImageRecipe} recipe
 */
async function make(socketPath, { path, entries }) {
  const answer = await askEngine(socketPath, {
    method: 'POST',
    path,
    tar: tarOf(entries),
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  const failure = answer.status === 200 ? failureIn(answer.text) : answer.text;
  if (failure !== undefined)
    throw new SetupError('The Docker Engine could not make the worker image.', failure);
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

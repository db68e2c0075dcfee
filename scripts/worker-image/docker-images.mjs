/** Images that a Docker Engine keeps. */
import { askEngine } from '../engine/engine-api.mjs';
import { tarOf } from '../archive/tar-archive.mjs';
import { SetupError } from '../setup/script.mjs';
import { imagesToRemove, repositoryOf, tagOf } from './image-store.mjs';

/** @typedef {import('./image-store.mjs').ImageDefinition} ImageDefinition */

const BUILD_TIMEOUT_MS = 600_000;

/**
 * @param {string} socketPath
 * @returns {import('./image-store.mjs').ImageStore}
 */
export function dockerImages(socketPath) {
  return {
    buildsDockerfiles: true,
    async sizeOf(reference) {
      const { status, text } = await askEngine(socketPath, { path: `/images/${reference}/json` });
      return status === 200 ? JSON.parse(text).Size : undefined;
    },
    async make(image) {
      const answer = await askEngine(socketPath, {
        method: 'POST',
        path: requestPath(image),
        tar: tarOf(image.entries),
        timeoutMs: BUILD_TIMEOUT_MS,
      });
      const failure = answer.status === 200 ? failureIn(answer.text) : answer.text;
      if (failure !== undefined)
        throw new SetupError('The Docker Engine could not build the image.', failure);
    },
    removeOld: (current) => removeOldImages(socketPath, current).catch(() => undefined),
  };
}

/** @param {ImageDefinition} image */
function requestPath(image) {
  const { reference } = image;
  if (image.from === 'dockerfile') {
    const query = new URLSearchParams({ t: reference, rm: '1', forcerm: '1' });
    if (Object.keys(image.buildArguments).length > 0)
      query.set('buildargs', JSON.stringify(image.buildArguments));
    return `/build?${query}`;
  }
  const query = new URLSearchParams({ fromSrc: '-', repo: repositoryOf(reference), tag: tagOf(reference) });
  for (const instruction of image.instructions) query.append('changes', instruction);
  return `/images/create?${query}`;
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
 * The engine refuses to remove an image that a container uses.
 * @param {string} socketPath
 * @param {string} current
 */
async function removeOldImages(socketPath, current) {
  const filters = encodeURIComponent(JSON.stringify({ reference: [repositoryOf(current)] }));
  const { text } = await askEngine(socketPath, { path: `/images/json?filters=${filters}` });
  /** @type {{ RepoTags: string[] | null, Created: number }[]} */
  const listed = JSON.parse(text);
  const images = listed.flatMap(({ RepoTags, Created }) =>
    (RepoTags ?? []).map((reference) => ({ reference, createdAt: Created })),
  );
  for (const reference of imagesToRemove(images, current)) {
    await askEngine(socketPath, { method: 'DELETE', path: `/images/${reference}` });
  }
}

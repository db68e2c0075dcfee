/** Removes images of earlier builds, each runtime's for itself. */
import { askEngine } from '../engine/engine-api.mjs';

/** Kept besides the one in use: a roll-back, or another working copy on this machine, may want them. */
const KEPT_IMAGES = 2;

/** @typedef {{ reference: string, createdAt: number }} TaggedImage `createdAt` in Unix seconds */

/**
 * Best effort: the engine refuses to remove an image that a container uses, and a failure here must not stop a start.
 * @param {string} socketPath
 * @param {string} current
 */
export async function removeOldImages(socketPath, current) {
  try {
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
  } catch {
    // The next build tries again.
  }
}

/**
 * @param {readonly TaggedImage[]} images
 * @param {string} current
 */
export function imagesToRemove(images, current) {
  return images
    .filter(({ reference }) => reference !== current && repositoryOf(reference) === repositoryOf(current))
    .sort((a, b) => b.createdAt - a.createdAt)
    .slice(KEPT_IMAGES)
    .map(({ reference }) => reference);
}

/** @param {string} reference */
function repositoryOf(reference) {
  return reference.slice(0, reference.lastIndexOf(':'));
}

/** What the two places have in common that images are kept in: a Docker Engine, and a directory of unpacked ones. */

/**
 * @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry
 *
 * @typedef {object} ScratchImage a whole file system
 * @property {'scratch'} from
 * @property {string} reference
 * @property {readonly ArchiveEntry[]} entries
 * @property {readonly string[]} instructions how its containers start, as a Dockerfile says it
 *
 * @typedef {object} DockerfileImage what a builder needs to make one
 * @property {'dockerfile'} from
 * @property {string} reference
 * @property {readonly ArchiveEntry[]} entries
 * @property {Record<string, string>} buildArguments
 *
 * @typedef {ScratchImage | DockerfileImage} ImageDefinition
 *
 * @typedef {object} ImageStore
 * @property {boolean} buildsDockerfiles
 * @property {(reference: string) => Promise<number | undefined>} sizeOf bytes; undefined if there is no such image
 * @property {(image: ImageDefinition) => Promise<void>} make
 * @property {(current: string) => Promise<void>} removeOld images of earlier builds, those that nothing uses; best effort
 */

/** Kept besides the one in use: a roll-back, or another working copy on this machine, may want them. */
const KEPT_IMAGES = 2;

/** @typedef {{ reference: string, createdAt: number }} KeptImage `createdAt` orders them */

/**
 * Those of the same repository that are neither the current image nor among the newest others.
 * @param {readonly KeptImage[]} images
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
export function repositoryOf(reference) {
  return reference.slice(0, reference.lastIndexOf(':'));
}

/** @param {string} reference */
export function tagOf(reference) {
  return reference.slice(reference.lastIndexOf(':') + 1);
}

/** Images that are directories, for servers that run an OCI runtime themselves. */
import { mkdir, readdir, readFile, readlink, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { withTemporary } from '../setup/child-process.mjs';
import { SetupError } from '../setup/script.mjs';
import { imagesToRemove, repositoryOf, tagOf } from './image-store.mjs';
import { LIST_FILE, ROOT_DIRECTORY, syncDirectory, writeImage } from './root-file-system.mjs';

/**
 * `<directory>/<repository>/<tag>/{rootfs/, image.json}`. What begins with a dot there is not an image: `.<tag>.<pid>` is
 * being made by that process, or was when it ended.
 * @param {string} directory
 * @returns {import('./image-store.mjs').ImageStore}
 */
export function unpackedImages(directory) {
  const place = (/** @type {string} */ reference) =>
    path.join(directory, repositoryOf(reference), tagOf(reference));
  return {
    buildsDockerfiles: false,
    async sizeOf(reference) {
      const list = await readList(place(reference));
      return list?.reference === reference ? list.bytes : undefined;
    },
    async make(image) {
      if (image.from === 'dockerfile') throw new Error('Only a Docker Engine builds a Dockerfile.');
      await makeImage(place(image.reference), image);
    },
    removeOld: (current) => removeOldImages(directory, current).catch(() => undefined),
  };
}

/**
 * Under another name until every byte is on the disk: whoever finds an image finds all of it.
 * @param {string} place
 * @param {import('./image-store.mjs').ScratchImage} image
 */
async function makeImage(place, image) {
  const repository = path.dirname(place);
  const unfinished = path.join(repository, `.${path.basename(place)}.${process.pid}`);
  try {
    await mkdir(repository, { recursive: true, mode: 0o755 });
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o755 });
    await withTemporary(unfinished, async () => {
      await writeImage(unfinished, image);
      await rename(unfinished, place).catch((error) => unlessMadeMeanwhile(place, error));
    });
    await syncDirectory(repository);
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(
      `The image could not be written to ${repository}: make room and give root the right to write there, or set GLAMBDAR_OCI_IMAGES to another directory.`,
      String(error),
    );
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/**
 * Two may make the same image at once: the first is kept, since containers may run on it already.
 * @param {string} place
 * @param {Error} error
 */
async function unlessMadeMeanwhile(place, error) {
  if ((await readList(place)) === undefined) throw error;
}

/** @param {string} place */
async function readList(place) {
  try {
    /** @type {import('./root-file-system.mjs').ImageList} */
    const { reference, entries } = JSON.parse(await readFile(path.join(place, LIST_FILE), 'utf8'));
    const bytes = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.bytes : 0), 0);
    return { reference, bytes };
  } catch {
    return undefined;
  }
}

/**
 * @param {string} directory
 * @param {string} current
 */
async function removeOldImages(directory, current) {
  const repository = path.join(directory, repositoryOf(current));
  const names = await readdir(repository);
  for (const name of names.filter((name) => name.startsWith('.'))) {
    const maker = name.slice(name.lastIndexOf('.') + 1);
    if (!(await exists(`/proc/${maker}`))) await removeUnlessUsed(path.join(repository, name));
  }
  const images = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => ({
        reference: `${repositoryOf(current)}:${name}`,
        createdAt: (await stat(path.join(repository, name))).mtimeMs,
      })),
  );
  for (const reference of imagesToRemove(images, current))
    await removeUnlessUsed(path.join(repository, tagOf(reference)));
}

/** Never an image on which a container runs, or could run at any moment. @param {string} place */
async function removeUnlessUsed(place) {
  if (await isMounted(path.join(place, ROOT_DIRECTORY))) return;
  // First under a name that no server looks for: it must not find half an image.
  const removed = path.join(path.dirname(place), `.${path.basename(place)}.${process.pid}`);
  await rename(place, removed);
  await rm(removed, { recursive: true, force: true });
}

/**
 * Whether any mount of any process rests on the directory: each server keeps its mounts to itself.
 * @param {string} root
 */
async function isMounted(root) {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = new Set();
  for (const pid of processes) {
    const namespace = await readlink(`/proc/${pid}/ns/mnt`).catch(() => undefined);
    if (namespace === undefined || seen.has(namespace)) continue;
    seen.add(namespace);
    const mounts = await readFile(`/proc/${pid}/mountinfo`, 'utf8').catch(() => '');
    if (rests(mounts, root)) return true;
  }
  return false;
}

/**
 * @param {string} mounts a `mountinfo`
 * @param {string} root
 */
export function rests(mounts, root) {
  return mounts.split(/[\s,:]|lowerdir=/).includes(root);
}

/** @param {string} file */
function exists(file) {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/** The contents of the worker image, and the name that follows from them. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { digestOfFile, filesUnder } from '../setup/content-hash.mjs';
import { inProject } from '../setup/project.mjs';
import { C_LIBRARY_NAMES } from './shared-libraries.mjs';

/** @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry */

export const DOCKERFILE = inProject('docker/worker/Dockerfile');
const ROOT_FILES = inProject('docker/worker/rootfs');
const COMPILED_WORKER = inProject('dist/image');
const TAG_LENGTH = 12;

export const NODE_PATH = 'usr/local/bin/node';

/** Mount points. `/tmp` is open to all: a file system mounted over it takes on its mode. */
const DIRECTORY_MODES = {
  tmp: 0o1777,
  glambdar: 0o755,
  'glambdar/code': 0o755,
  proc: 0o555,
  sys: 0o555,
  dev: 0o755,
};

/** Who the container's user is stands in its own directory, since each has a user id of its own. */
const LINKS = { 'etc/passwd': '/glambdar/passwd', 'etc/group': '/glambdar/group' };

/**
 * The whole file system of an image made from nothing.
 * @param {{ node: string, init: string }} programs Node.js, and the first process of a container
 * @param {readonly string[]} libraries what they and native add-ons need, each kept at its path
 * @param {() => Promise<ArchiveEntry[]>} [own] what the image is for; the worker, if nothing else
 * @returns {Promise<ArchiveEntry[]>}
 */
export async function imageFromScratch({ node, init }, libraries, own = workerFiles) {
  const special = await own();
  const files = [
    ...(await filesBelow(ROOT_FILES, '')),
    ...special,
    fileEntry(NODE_PATH, node, 0o755),
    fileEntry('usr/local/bin/tini', init, 0o755),
    ...libraries
      .map((library) => fileEntry(library.slice(1), library, 0o755))
      .filter((library) => !special.some((entry) => entry.path === library.path)),
    ...Object.entries(LINKS).map(([link, target]) => linkEntry(link, target)),
  ];
  const mountPoints = Object.entries(DIRECTORY_MODES).map(([directory, mode]) =>
    directoryEntry(directory, mode),
  );
  const named = new Set(mountPoints.map((entry) => entry.path));
  const parents = new Set(
    files.flatMap((file) => parentsOf(file.path)).filter((parent) => !named.has(parent)),
  );
  return [...mountPoints, ...[...parents].sort().map((parent) => directoryEntry(parent, 0o755)), ...files];
}

/**
 * What the engine needs to build an image from its Dockerfile.
 * @param {string} [dockerfile]
 * @param {() => Promise<ArchiveEntry[]>} [own]
 * @returns {Promise<ArchiveEntry[]>}
 */
export async function buildContext(dockerfile = DOCKERFILE, own = workerFiles) {
  return [
    fileEntry('Dockerfile', dockerfile, 0o644),
    fileEntry('c-library.txt', C_LIBRARY_NAMES, 0o644),
    ...(await filesBelow(ROOT_FILES, 'rootfs/')),
    ...(await own()),
  ];
}

/**
 * How a container of the image starts: the instructions of the Dockerfile's last stage that are no file operations.
 * @param {string} dockerfile its text
 */
export function startInstructions(dockerfile) {
  const lastStage = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  return lastStage.split('\n').filter((line) => /^(ENV|USER|ENTRYPOINT) /.test(line));
}

/**
 * `<repository>:<12 hexadecimal digits of the content's SHA-256>`: another worker, Node.js or set of libraries is another
 * image, and the same ones never need to be built again.
 * @param {string} repository
 * @param {readonly ArchiveEntry[]} entries
 * @param {readonly string[]} instructions
 */
export async function referenceOf(repository, entries, instructions) {
  const hash = createHash('sha256').update(JSON.stringify(instructions));
  for (const entry of entries) {
    hash.update(JSON.stringify([entry.kind, entry.path, entry.mode, await contentOf(entry)]));
  }
  return `${repository}:${hash.digest('hex').slice(0, TAG_LENGTH)}`;
}

/** @param {ArchiveEntry} entry */
async function contentOf(entry) {
  switch (entry.kind) {
    case 'file':
      return digestOfFile(entry.source);
    case 'text':
      return entry.text;
    case 'link':
      return entry.target;
    case 'directory':
      return '';
  }
}

/** @param {string} [dockerfile] */
export async function readStartInstructions(dockerfile = DOCKERFILE) {
  return startInstructions(await readFile(dockerfile, 'utf8'));
}

/**
 * The compiled worker, each program in one CommonJS file.
 * @returns {Promise<ArchiveEntry[]>}
 */
export function workerFiles() {
  return programFiles(COMPILED_WORKER);
}

/**
 * @param {string} compiled a directory
 * @returns {Promise<ArchiveEntry[]>}
 */
export async function programFiles(compiled) {
  const files = existsSync(compiled) ? await filesBelow(compiled, 'runtime/') : [];
  const manifest = { kind: /** @type {const} */ ('text'), path: 'runtime/package.json', mode: 0o644 };
  return [...files, { ...manifest, text: '{"type":"commonjs"}\n' }];
}

/**
 * @param {string} directory
 * @param {string} prefix
 * @returns {Promise<ArchiveEntry[]>}
 */
async function filesBelow(directory, prefix) {
  const files = await filesUnder(directory);
  return files.map((file) => fileEntry(`${prefix}${file}`, path.join(directory, file), 0o644));
}

/** @param {string} file @returns {string[]} */
function parentsOf(file) {
  const parent = path.posix.dirname(file);
  return parent === '.' ? [] : [...parentsOf(parent), parent];
}

/** @param {string} path @param {number} mode @returns {ArchiveEntry} */
function directoryEntry(path, mode) {
  return { kind: 'directory', path, mode };
}

/** @param {string} path @param {string} target @returns {ArchiveEntry} */
function linkEntry(path, target) {
  return { kind: 'link', path, mode: 0o777, target };
}

/** @param {string} path @param {string} source @param {number} mode @returns {ArchiveEntry} */
export function fileEntry(path, source, mode) {
  return { kind: 'file', path, source, mode };
}

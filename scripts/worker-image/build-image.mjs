/**
 * What the image of builds holds and the worker's does not: the builder, npm, esbuild, certificates, and a shell and `env`,
 * without which no install script runs.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { inProject } from '../setup/project.mjs';
import { SetupError } from '../setup/script.mjs';
import { buildContext, fileEntry, programFiles } from './image-contents.mjs';
import { sharedLibrariesOf } from './shared-libraries.mjs';

/** @typedef {import('../archive/tar-archive.mjs').ArchiveEntry} ArchiveEntry */

export const BUILD_DOCKERFILE = inProject('docker/build/Dockerfile');
const COMPILED_BUILDER = inProject('dist/build-image');
const HOST_CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** The smallest first. */
const SHELLS = ['/bin/dash', '/usr/bin/dash', '/bin/sh'];
const ENV = '/usr/bin/env';

/** Programs, and what they are packages of. */
const ESBUILD_PLATFORM = `@esbuild/linux-${process.arch}`;
const PACKAGES = ['npm', 'esbuild', ESBUILD_PLATFORM];

const NPM = '#!/bin/sh\nexec node /runtime/node_modules/npm/bin/npm-cli.js "$@"\n';

/** @returns {Promise<ArchiveEntry[]>} */
export async function builderFiles() {
  const packages = await Promise.all(PACKAGES.map(packageFiles));
  return [...(await smallFiles()), ...packages.flat()];
}

/**
 * The same for the image's name: npm alone has thousands of files, which a version stands for.
 * @returns {Promise<ArchiveEntry[]>}
 */
export async function namedBuilderFiles() {
  const text = JSON.stringify(await Promise.all(PACKAGES.map(versionOf)));
  return [...(await smallFiles()), { kind: 'text', path: 'runtime/packages', mode: 0o644, text }];
}

/** For the Dockerfile, which installs the packages itself. @returns {Promise<ArchiveEntry[]>} */
export async function builderContext() {
  const versions = await Promise.all(PACKAGES.slice(0, 2).map(versionOf));
  const text = `${versions.join('\n')}\n`;
  const list = /** @type {const} */ ({ kind: 'text', path: 'packages.txt', mode: 0o644, text });
  return [...(await buildContext(BUILD_DOCKERFILE, () => programFiles(COMPILED_BUILDER))), list];
}

/** @returns {Promise<ArchiveEntry[]>} */
async function smallFiles() {
  const shell = SHELLS.find((file) => existsSync(file));
  if (shell === undefined || !existsSync(ENV))
    throw new SetupError('This machine has no shell (/bin/sh) or no /usr/bin/env for the image of builds.');
  const programs = { 'bin/sh': await realpath(shell), 'usr/bin/env': await realpath(ENV) };
  const libraries = await Promise.all(Object.values(programs).map(librariesOf));
  return [
    ...(await programFiles(COMPILED_BUILDER)),
    ...Object.entries(programs).map(([target, source]) => fileEntry(target, source, 0o755)),
    ...[...new Set(libraries.flat())].map((library) => fileEntry(library.slice(1), library, 0o755)),
    { kind: 'text', path: 'usr/local/bin/npm', mode: 0o755, text: NPM },
    certificates(),
  ];
}

/** @param {string} program */
async function librariesOf(program) {
  return (await sharedLibrariesOf(program)) ?? [];
}

/** This machine's, which may know a company's registry; otherwise those that Node.js brings. @returns {ArchiveEntry} */
function certificates() {
  const target = 'etc/ssl/certs/ca-certificates.crt';
  if (existsSync(HOST_CERTIFICATES)) return fileEntry(target, HOST_CERTIFICATES, 0o644);
  return { kind: 'text', path: target, mode: 0o644, text: `${rootCertificates.join('\n')}\n` };
}

/** Its files without links, which only name programs of its own dependencies. @param {string} name */
async function packageFiles(name) {
  const root = inProject(path.join('node_modules', name));
  const found = await readdir(root, { withFileTypes: true, recursive: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => {
      const target = path.posix.join('runtime/node_modules', name, path.relative(root, file));
      return fileEntry(target, file, target.includes('/bin/') ? 0o755 : 0o644);
    });
}

/** @param {string} name */
async function versionOf(name) {
  const manifest = inProject(path.join('node_modules', name, 'package.json'));
  return `${name}@${JSON.parse(await readFile(manifest, 'utf8')).version}`;
}

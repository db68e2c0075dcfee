/** The compiled server and worker in `dist/`, built again only when what they are built from changed. */
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runToSuccess } from './child-process.mjs';
import { contentHash } from './content-hash.mjs';
import { step } from './progress.mjs';
import { DIST_DIRECTORY, PROJECT_DIRECTORY, SERVER_ENTRY } from './project.mjs';

const SOURCES = [
  'src',
  'worker',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'nest-cli.json',
  '.swcrc',
];
const BUILD_SCRIPTS = ['scripts/openapi.mjs', 'scripts/worker.mjs', 'scripts/worker-image/bundle.mjs'];

/** Lies in `dist/`, which a build empties first: a build that was broken off leaves none. */
const STAMP = path.join(DIST_DIRECTORY, 'built-from.sha256');

/** Builds server and worker unless `dist/` was built from these very sources. */
export async function ensureBuild() {
  const sources = await contentHash(PROJECT_DIRECTORY, [...SOURCES, ...BUILD_SCRIPTS], isNoSpec);
  const builtFrom = await readFile(STAMP, 'utf8').catch(() => undefined);
  if (builtFrom === sources && existsSync(SERVER_ENTRY)) return;
  await step('Building', () => runToSuccess('npm', ['run', '--silent', 'build']));
  await writeFile(STAMP, sources);
}

/** @param {string} file */
function isNoSpec(file) {
  return !file.endsWith('.spec.ts');
}

import { createHash } from 'node:crypto';
import type { FunctionSettings } from '../../functions/function.js';
import { BuildFailure } from '../build-failure.js';
import { isAllFromRegistries } from './lock-file.js';
import { type Manifest, readManifest, requireReachable } from './manifest.js';
import type { StagedFiles } from '../../code/store/code-store.js';

export interface InstallPlan {
  readonly command: 'ci' | 'install';
  readonly scripts: boolean;
  /** SHA-256 of what decides which packages are installed; null where that is not known before. */
  readonly contentKey: string | null;
}

export interface BundlePlan {
  /** Such as `index.ts`. */
  readonly entry: string;
}

/** What an upload lacks. */
export interface BuildPlan {
  readonly install: InstallPlan | null;
  readonly bundle: BundlePlan | null;
  /** Sentences to whoever sent it. */
  readonly notes: readonly string[];
}

type ChosenForBuild = Pick<FunctionSettings, 'build' | 'installScripts' | 'handler'>;

/** As npm reads them: the first that is there. */
const lockFiles = ['npm-shrinkwrap.json', 'package-lock.json'];
const foreignLockFiles = ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];
const maxLockBytes = 32 * 1024 * 1024;
const maxNpmrcBytes = 64 * 1024;
const nothing = Buffer.alloc(0);

const otherExtensions = ['js', 'mjs', 'cjs'];
const typeScriptExtensions = ['ts', 'mts', 'cts'];

/**
 * What has to be made before the upload can be published; undefined if nothing has. An upload without a `package.json` and
 * TypeScript is not looked at any further. Rejects with `BuildFailure` for what no build could make.
 */
export async function planBuild(
  tree: StagedFiles,
  settings: ChosenForBuild,
  registries: readonly URL[],
): Promise<BuildPlan | undefined> {
  if (settings.build === 'none') return undefined;
  const notes: string[] = [];
  const install = await installPlan(tree, settings, registries, notes);
  const bundle = await bundlePlan(tree, settings.handler);
  return install || bundle ? { install, bundle, notes } : undefined;
}

async function installPlan(
  tree: StagedFiles,
  { installScripts: scripts }: ChosenForBuild,
  registries: readonly URL[],
  notes: string[],
): Promise<InstallPlan | null> {
  const manifest = await readManifest(tree);
  if (!manifest?.needsPackages || (await tree.has('node_modules'))) return null;
  requireReachable(manifest, registries);
  const lock = await lockIn(tree);
  if (!lock) {
    notes.push(await withoutLock(tree));
    return { command: 'install', scripts, contentKey: null };
  }
  const npmrc = await tree.read('.npmrc', maxNpmrcBytes).catch(() => {
    throw new BuildFailure('install', `.npmrc has more than ${maxNpmrcBytes} bytes; make it smaller.`);
  });
  const isKept = !scripts && isAllFromRegistries(lock);
  return {
    command: 'ci',
    scripts,
    contentKey: isKept ? contentKey(manifest, [lock, npmrc ?? nothing]) : null,
  };
}

async function lockIn(tree: StagedFiles): Promise<Buffer | undefined> {
  for (const path of lockFiles) {
    const lock = await tree.read(path, maxLockBytes).catch(() => {
      throw new BuildFailure('install', `${path} has more than ${maxLockBytes} bytes; make it smaller.`);
    });
    if (lock) return lock;
  }
  return undefined;
}

async function withoutLock(tree: StagedFiles): Promise<string> {
  for (const path of foreignLockFiles) {
    if (await tree.has(path)) {
      return `${path} was not read: npm chose the versions that package.json allows. Add a package-lock.json to get the same ones each time.`;
    }
  }
  return 'There is no package-lock.json, so npm chose the newest versions that package.json allows. Add one to get the same versions each time, and faster.';
}

/**
 * What is kept is used for whoever sends the same manifest and lock file, with any key. So it must follow from these two
 * alone: install scripts, also those of packages, read and run whatever else is in the upload.
 */
function contentKey({ installed }: Manifest, files: readonly Buffer[]): string {
  const digests = files.map((file) => createHash('sha256').update(file).digest('hex'));
  return createHash('sha256')
    .update(JSON.stringify([installed, digests]))
    .digest('hex');
}

/** The file that the worker would load, if it is TypeScript. */
async function bundlePlan(tree: StagedFiles, handler: string): Promise<BundlePlan | null> {
  const path = handler.slice(0, handler.lastIndexOf('.'));
  for (const extension of [...otherExtensions, ...typeScriptExtensions]) {
    if (!(await tree.has(`${path}.${extension}`))) continue;
    return typeScriptExtensions.includes(extension) ? { entry: `${path}.${extension}` } : null;
  }
  return null;
}

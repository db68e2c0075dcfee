/** What a deployment sends: decided, and shown by `--dry-run`, before anything is sent. */
import type { FunctionSettingsPatch } from '@glambdar/client';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { functionName } from '../arguments/names.js';
import { CommandError, usageError } from '../errors/command-error.js';
import { readFunctionFile } from '../function-file/function-file.js';
import { checkLimits } from '../packing/archive-limits.js';
import { sizesOf, type PackedEntry } from '../packing/folder-entries.js';
import { readManifest } from '../packing/manifest.js';
import { packFolder } from '../packing/pack-folder.js';
import { packageSource, type BuildSetting, type PackageSource } from '../packing/package-source.js';
import { containerPlatform } from '../packing/platform.js';

export interface DeploymentPlan {
  readonly name: string;
  readonly settings: FunctionSettingsPatch | undefined;
  readonly content:
    | {
        readonly kind: 'folder';
        readonly entries: readonly PackedEntry[];
        readonly leftOut: readonly string[];
      }
    | { readonly kind: 'zip'; readonly file: string; readonly bytes: number };
  /** Who brings the packages that `package.json` names. */
  readonly packagesFrom: 'server' | 'here';
  /** Sentences on what may not work. */
  readonly warnings: readonly string[];
}

export interface PlanOptions {
  readonly name: string | undefined;
  /** What the function's settings on the server say; asked only where it matters and `glambdar.json` says nothing. */
  readonly buildOnServer: (name: string) => Promise<BuildSetting>;
}

/** `source` is a folder or a zip. */
export async function planDeployment(source: string, options: PlanOptions): Promise<DeploymentPlan> {
  const found = await stat(source).catch(() => undefined);
  if (found?.isDirectory() === true) return planFolder(await realpath(source), options);
  if (found?.isFile() === true) return planZip(source, found.size, options);
  throw usageError(`${source} is neither a folder nor a zip that can be read.`);
}

async function planFolder(folder: string, { name, buildOnServer }: PlanOptions): Promise<DeploymentPlan> {
  const file = await readFunctionFile(folder);
  const settings = file?.settings;
  const chosen = name ?? file?.name ?? named(path.basename(folder));
  const manifest = await readManifest(folder);
  const isAsked = packageSource(manifest, 'auto').from === 'server' && settings?.build === undefined;
  const build = isAsked ? await buildOnServer(chosen) : (settings?.build ?? 'auto');
  const packages = packageSource(manifest, build);
  const { entries, leftOut, notes } = await packFolder(folder, {
    packagesFor: packages.from === 'here' ? containerPlatform() : undefined,
  });
  if (entries.length === 0)
    throw new CommandError(
      'refused',
      'There is nothing to deploy in this folder.',
      '`glambdar init` makes a function to begin with.',
    );
  const { refusal, warnings } = checkLimits(sizesOf(entries));
  if (refusal !== undefined) throw new CommandError('refused', refusal, 'Nothing was sent.');
  return {
    name: chosen,
    settings,
    content: { kind: 'folder', entries, leftOut },
    packagesFrom: packages.from,
    warnings: [...noteOf(packages), ...warnings, ...notes],
  };
}

function noteOf(packages: PackageSource): string[] {
  return packages.from === 'here' && packages.note !== undefined ? [packages.note] : [];
}

/** It is sent as it is. What `glambdar.json` says is about a folder. */
function planZip(file: string, bytes: number, { name }: PlanOptions): DeploymentPlan {
  return {
    name: name ?? named(path.basename(file).replace(/\.zip$/i, '')),
    settings: undefined,
    content: { kind: 'zip', file, bytes },
    packagesFrom: 'here',
    warnings: [],
  };
}

function named(text: string): string {
  try {
    return functionName(text);
  } catch {
    throw usageError(
      `${JSON.stringify(text)} cannot be the name of a function: it has 1 to 64 letters, digits, "_" or "-", and begins with a letter or a digit.`,
      'Give one with --name, or in glambdar.json.',
    );
  }
}

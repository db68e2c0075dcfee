/** Who brings a function's packages into its code. */
import path from 'node:path';
import type { Manifest } from './manifest.js';

/** The function's setting: whether the server prepares code. */
export type BuildSetting = 'auto' | 'none';

export type PackageSource =
  /** The server installs what `package.json` names. */
  | { readonly from: 'server' }
  /** They are packed as they are installed here; `note` says why where that is not what a person expects. */
  | { readonly from: 'here'; readonly note: string | undefined };

/** What only this machine has: other folders, and packages that a workspace links. */
const localProtocols = /^(link|workspace|portal):/;

/**
 * `build` is that of the function's settings. A server installs from registries alone, so packages that come from
 * elsewhere on this machine are packed, and with them all others.
 */
export function packageSource(manifest: Manifest | undefined, build: BuildSetting): PackageSource {
  const named = Object.entries({ ...manifest?.dependencies, ...manifest?.optionalDependencies });
  if (build === 'none' || named.length === 0) return { from: 'here', note: undefined };
  const local = named.find(([, source]) => isLocal(source));
  if (local === undefined) return { from: 'server' };
  return {
    from: 'here',
    note: `The package ${local[0]} comes from this machine (${local[1]}), so all packages are sent as they are installed here.`,
  };
}

function isLocal(source: unknown): boolean {
  if (typeof source !== 'string') return false;
  if (localProtocols.test(source)) return true;
  const [, file] = /^(?:file:)?((?:\.{1,2}|~|\/).*)$/.exec(source) ?? /^file:(.*)$/.exec(source) ?? [];
  if (file === undefined) return false;
  // What lies inside the function's folder is sent with it.
  const normal = path.posix.normalize(file);
  return normal.startsWith('..') || normal.startsWith('/') || normal.startsWith('~');
}

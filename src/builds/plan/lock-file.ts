import { objectIn } from './manifest.js';

/**
 * Whether npm gets every package that the lock file names from a registry. Workspaces and packages in the upload are
 * named in it too, however `package.json` asks for them (overrides and peers can), and can be anything. Of the format of
 * npm 6, which has no list of packages, it is not known.
 */
export function isAllFromRegistries(lock: Buffer): boolean {
  const packages = objectOf(objectIn(lock)?.['packages']);
  return (
    packages !== undefined && Object.entries(packages).every(([path, entry]) => isFromRegistry(path, entry))
  );
}

function isFromRegistry(path: string, entry: unknown): boolean {
  // The root package itself.
  if (path === '') return true;
  const { resolved, version, link } = objectOf(entry) ?? {};
  const isElsewhere = link !== undefined || /[:/]/.test(typeof version === 'string' ? version : '');
  if (isElsewhere || !path.startsWith('node_modules/')) return false;
  return resolved === undefined || (typeof resolved === 'string' && /^https?:/i.test(resolved));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

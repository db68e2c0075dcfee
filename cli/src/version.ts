import { readFileSync } from 'node:fs';

/** Of the package, which is one folder above both the source and the bundle. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return (manifest as { version: string }).version;
}

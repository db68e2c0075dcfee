import { fileURLToPath } from 'node:url';

/** The package has its templates one folder above both the source and the bundle. */
export function templateDirectory(name: string): string {
  return fileURLToPath(new URL(`../templates/${name}/`, import.meta.url));
}

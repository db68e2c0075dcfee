import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipOf } from '../archives/crafted-zip.js';

const fixtures = fileURLToPath(new URL('../../fixtures/functions', import.meta.url));

/** The zip of a fixture function. */
export function fixtureZip(name: string): Buffer {
  const folder = join(fixtures, name);
  return zipOf(
    Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))])),
  );
}

/** The zip of a function whose handler is this expression. */
export function handlerZip(expression: string, before = ''): Buffer {
  return zipOf({ 'index.js': `${before}\nexports.handler = ${expression};\n` });
}

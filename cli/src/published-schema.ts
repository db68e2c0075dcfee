import { readFileSync } from 'node:fs';
import type { Schema } from './function-file/schema-check.js';

/** The schema of `glambdar.json` that the package publishes; it is one folder above both the source and the bundle. */
export function readPublishedSchema(): Schema {
  return JSON.parse(readFileSync(new URL('../glambdar.schema.json', import.meta.url), 'utf8')) as Schema;
}

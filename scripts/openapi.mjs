/**
 * `node scripts/openapi.mjs` after a build: writes the OpenAPI document to `dist/openapi.json`. With
 * `--client <directory>` it also generates a TypeScript client from it, which needs nothing but `fetch`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, URL } from 'node:url';
import { readCommandLine } from './setup/command-line.mjs';

const DOCUMENT = fileURLToPath(new URL('../dist/openapi.json', import.meta.url));

const { values } = readCommandLine({
  usage: `node scripts/openapi.mjs [--client <directory>]

After a build: writes the OpenAPI document to dist/openapi.json, and with --client a TypeScript client made from it.`,
  options: { client: { type: 'string' } },
});
await writeDocument();
if (typeof values['client'] === 'string') await generateClient(values['client']);
// The application was made but never started: nothing of it is left to end, and nothing may keep the build waiting.
process.exit(0);

async function writeDocument() {
  // A directory of its own, because making the application opens one, and the user's may be in use.
  const directory = await mkdtemp(path.join(tmpdir(), 'glambdar-openapi-'));
  process.env['GLAMBDAR_DIR'] = directory;
  try {
    const { createApp } = await built('app.setup.js');
    const { openApiDocument } = await built('http/openapi/openapi.js');
    const document = openApiDocument(await createApp());
    await writeFile(DOCUMENT, `${JSON.stringify(document, undefined, 2)}\n`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param {string} directory */
async function generateClient(directory) {
  const { createClient } = await import('@hey-api/openapi-ts');
  await createClient({
    input: DOCUMENT,
    output: { path: path.resolve(directory), clean: true, module: { extension: '.js' } },
    plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
    logs: { level: 'silent' },
  });
}

/** @param {string} file below `dist/src` */
async function built(file) {
  return import(new URL(`../dist/src/${file}`, import.meta.url).href);
}

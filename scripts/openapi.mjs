/**
 * `node scripts/openapi.mjs` after a build: writes the OpenAPI document to `dist/openapi.json`. With
 * `--client <directory>` it also generates a TypeScript client from it, which needs nothing but `fetch`.
 */
import { writeFile } from 'node:fs/promises';
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

/** Of an application that is made but never started: it touches neither the disk nor the network. */
async function writeDocument() {
  const { createApp } = await built('bootstrap/create-app.js');
  const { openApiDocument } = await built('http/openapi/openapi.js');
  await writeFile(DOCUMENT, `${JSON.stringify(openApiDocument(await createApp()))}\n`);
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

/**
 * `node scripts/clients.mjs` after a build of the server: generates `client/generated` from the OpenAPI document and
 * builds what stands on it, the command line (`cli/dist`) and the dashboard (`dist/ui`).
 */
import { createClient } from '@hey-api/openapi-ts';
import { build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { readCommandLine } from './setup/command-line.mjs';
import { inProject } from './setup/project.mjs';

readCommandLine({
  usage: `node scripts/clients.mjs

After a build of the server: generates client/generated from dist/openapi.json, and builds the command line and the
dashboard, which use it.`,
});

// Its users check what they make of it by its types; the generator's own code is not written for all of our options.
const unchecked = (/** @type {{ defaultValue: readonly string[] }} */ { defaultValue }) => [
  '// @ts-nocheck',
  ...defaultValue,
];

await createClient({
  input: inProject('dist/openapi.json'),
  output: {
    path: inProject('client/generated'),
    clean: true,
    header: unchecked,
    module: { extension: '.js' },
  },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk', '@hey-api/schemas'],
  logs: { level: 'silent' },
});
await Promise.all([buildCommandLine(), buildDashboard()]);

/** One file, and the generated client inside it: the npm package needs nothing of this project. */
async function buildCommandLine() {
  await bundle({
    // The program, and the page about it, which is no part of the package.
    entryPoints: { glambdar: inProject('cli/src/main.ts'), reference: inProject('cli/src/reference.ts') },
    outdir: inProject('cli/dist'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    alias: {
      '@glambdar/client/create': inProject('client/generated/client/index.ts'),
      '@glambdar/client/ignore-rules': inProject('client/ignore-rules.ts'),
      '@glambdar/client': inProject('client/generated/index.ts'),
    },
    packages: 'external',
    logLevel: 'warning',
  });
}

async function buildDashboard() {
  await buildPage({ configFile: inProject('dashboard/vite.config.mjs'), logLevel: 'warn' });
}

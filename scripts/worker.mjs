/**
 * `node scripts/worker.mjs [directory]`: compiles the worker for its image, into `dist/image` unless told otherwise; then
 * also the builder for its own, into `dist/build-image`.
 */
import path from 'node:path';
import { readCommandLine } from './setup/command-line.mjs';
import { inProject, PROJECT_DIRECTORY } from './setup/project.mjs';
import { bundle, bundleBuilder } from './worker-image/bundle.mjs';

const {
  positionals: [directory],
} = readCommandLine({
  usage:
    'node scripts/worker.mjs [directory]\n\nCompiles the worker for its image, into dist/image unless told otherwise.',
  positionals: ['[directory]'],
});

await bundle(path.resolve(directory ?? inProject('dist/image')), PROJECT_DIRECTORY);
if (directory === undefined) await bundleBuilder(inProject('dist/build-image'), PROJECT_DIRECTORY);

/** `node scripts/worker.mjs [directory]`: compiles the worker for its image, into `dist/image` unless told otherwise. */
import path from 'node:path';
import { readCommandLine } from './setup/command-line.mjs';
import { inProject, PROJECT_DIRECTORY } from './setup/project.mjs';
import { bundle } from './worker-image/bundle.mjs';

const {
  positionals: [directory],
} = readCommandLine({
  usage:
    'node scripts/worker.mjs [directory]\n\nCompiles the worker for its image, into dist/image unless told otherwise.',
  positionals: ['[directory]'],
});

await bundle(path.resolve(directory ?? inProject('dist/image')), PROJECT_DIRECTORY);

/** `node scripts/worker.mjs [directory]`: compiles the worker for its image, into `dist/image` unless told otherwise. */
import path from 'node:path';
import { inProject, PROJECT_DIRECTORY } from './setup/project.mjs';
import { bundle } from './worker-image/bundle.mjs';

await bundle(path.resolve(process.argv[2] ?? inProject('dist/image')), PROJECT_DIRECTORY);

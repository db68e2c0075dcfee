/** `node scripts/worker.mjs [directory]`: compiles the worker for its image, into `dist/image` unless told otherwise. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inProject } from './setup/project.mjs';
import { bundle, compiledName } from './worker-image/bundle.mjs';

/** The worker, and the program of the thread that it may start. */
const PROGRAMS = ['worker/main.ts', 'worker/egress/proxy-thread.ts'];

const directory = process.argv[2] ?? inProject('dist/image');
for (const program of PROGRAMS) {
  const file = path.join(directory, compiledName(program));
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, await bundle(program));
}

/** `node scripts/zip.mjs <folder> [out.zip] [--cpu=arm64]`: what `glambdar pack` does, after a build. */
import { existsSync } from 'node:fs';
import { inProject } from './setup/project.mjs';

if (existsSync(inProject('cli/dist/glambdar.js'))) {
  process.argv.splice(2, 0, 'pack');
  await import('../cli/bin/glambdar.js');
} else {
  console.error('The command line is not built yet: run npm start, or npm run build, and run this again.');
  process.exitCode = 1;
}

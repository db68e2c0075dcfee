import type { BuildOptions } from 'esbuild';
import { join } from 'node:path';
import { type ModuleFormat, outputPath } from './module-format.js';

/** CommonJS that was bundled into an ES module asks for packages with `require`, which such a module has not. */
const requireInModules =
  "import { createRequire as glambdarCreateRequire } from 'node:module'; const require = glambdarCreateRequire(import.meta.url);";

/** Files that code imports beside code: as text, as bytes, or as what Node.js itself loads. */
const loaders = {
  ...{ '.txt': 'text', '.md': 'text', '.html': 'text', '.sql': 'text', '.graphql': 'text', '.gql': 'text' },
  ...{ '.css': 'text', '.svg': 'text', '.xml': 'text', '.csv': 'text', '.pem': 'text', '.yaml': 'text' },
  ...{ '.yml': 'text', '.hbs': 'text', '.ejs': 'text' },
  ...{ '.png': 'binary', '.jpg': 'binary', '.jpeg': 'binary', '.gif': 'binary', '.webp': 'binary' },
  ...{ '.ico': 'binary', '.pdf': 'binary', '.wasm': 'binary', '.ttf': 'binary', '.bin': 'binary' },
  '.node': 'copy',
} as const satisfies BuildOptions['loader'];

/** The builder runs in the function's own runtime. */
const runtimeMajor = process.versions.node.split('.', 1)[0] ?? '';

export function bundleOptions(project: string, entry: string, format: ModuleFormat) {
  return {
    absWorkingDir: project,
    entryPoints: [entry],
    outfile: join(project, outputPath(entry, format)),
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: `node${runtimeMajor}`,
    format,
    // Names of functions and classes are what logs and frameworks show and look up.
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: true,
    charset: 'utf8',
    legalComments: 'none',
    loader: loaders,
    ...(format === 'esm' ? { banner: { js: requireInModules } } : {}),
    metafile: true,
    write: false,
    logLevel: 'silent',
    logLimit: 0,
  } as const satisfies BuildOptions;
}

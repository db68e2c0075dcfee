/** Makes one CommonJS file of a program in TypeScript and all it imports of its own. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from '@swc/core';
import { inProject, PROJECT_DIRECTORY } from '../setup/project.mjs';

/** What the compiler leaves of an import of ours: `require` in place, `import()` where it was written so. */
const OWN_IMPORT = /\b(?:require|import)\(["'](\.[^"']+)["']\)/g;

/** As Node's own: each file runs once, when it is first asked for, and knows the place that it would have on its own. */
const LOADER = `const path = require('node:path');
const root = path.resolve(__dirname, PATH_TO_ROOT);
const loaded = new Map();
function load(name) {
  let exports = loaded.get(name);
  if (!exports) {
    loaded.set(name, (exports = {}));
    files[name](exports, path.join(root, name));
  }
  return exports;
}`;

/**
 * A process that reads one file starts sooner than one that reads thirty, and one that has no ES module of its own does
 * not start Node's loader for them. A relative `import()` is of the bundle, any other is left to Node.
 * @param {string} entry relative to the project, with forward slashes
 * @returns {Promise<string>} a program for the place of the entry: `worker/main.js` for `worker/main.ts`
 */
export async function bundle(entry) {
  /** @type {Map<string, string>} */
  const files = new Map();
  const start = compiledName(entry);
  await addFile(start, files);
  const table = [...files].map(
    ([name, code]) => `${JSON.stringify(name)}: (function (exports, __filename) {\n${code}\n}),\n`,
  );
  const toRoot = path.posix.relative(path.posix.dirname(start), '.');
  const loader = LOADER.replace('PATH_TO_ROOT', JSON.stringify(toRoot));
  return `'use strict';\n${loader}\nconst files = {\n${table.join('')}};\nload(${JSON.stringify(start)});\n`;
}

/**
 * @param {string} name
 * @param {Map<string, string>} files
 */
async function addFile(name, files) {
  // Before the first wait, so that two that import it do not both add it.
  files.set(name, '');
  const code = await compile(name.replace(/\.js$/, '.ts'));
  /** @type {string[]} */
  const imported = [];
  const bundled = code.replace(OWN_IMPORT, (text, /** @type {string} */ specifier) => {
    const target = path.posix.join(path.posix.dirname(name), specifier);
    imported.push(target);
    const loading = `load(${JSON.stringify(target)})`;
    return text.startsWith('import') ? `Promise.resolve().then(() => ${loading})` : loading;
  });
  files.set(name, bundled);
  for (const target of imported) if (!files.has(target)) await addFile(target, files);
}

/** @param {string} file @returns {Promise<string>} */
async function compile(file) {
  const {
    exclude: _specs,
    $schema: _schema,
    ...options
  } = JSON.parse(await readFile(inProject('.swcrc'), 'utf8'));
  const { code } = await transform(await readFile(inProject(file), 'utf8'), {
    ...options,
    swcrc: false,
    filename: path.join(PROJECT_DIRECTORY, file),
    sourceMaps: false,
    module: { type: 'commonjs', ignoreDynamic: true },
  });
  return code;
}

/** @param {string} file */
export function compiledName(file) {
  return file.replace(/\.ts$/, '.js');
}

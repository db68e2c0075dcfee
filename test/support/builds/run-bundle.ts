import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Built, Files } from './builder-process.js';

/** Prints what the handler gives: `require` takes both kinds of modules, as it does in the worker. */
const program = `
  const load = (path) => {
    try { return require(path); } catch (error) {
      if (error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return import(path);
    }
  };
  (async () => {
    const module = await load(process.argv[1]);
    console.log(JSON.stringify(await (module.handler ?? module.default.handler)()));
  })();
`;

/** What the handler of a bundle gives, beside the files of its upload. */
export function runBundle(uploaded: Files, { files }: Built, output: string): unknown {
  const directory = mkdtempSync(join(tmpdir(), 'glambdar-bundle-'));
  try {
    for (const [path, text] of [...Object.entries(uploaded), ...files]) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    const args = ['--no-warnings', '-e', program, join(directory, output)];
    return JSON.parse(execFileSync(process.execPath, args, { cwd: directory, encoding: 'utf8' }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

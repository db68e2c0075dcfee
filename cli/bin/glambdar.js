#!/usr/bin/env node
import { existsSync } from 'node:fs';

const program = new URL('../dist/glambdar.js', import.meta.url);
const [major] = process.versions.node.split('.');

if (Number(major) < 20) end(`glambdar needs Node.js 20 or newer, and this is ${process.versions.node}.`);
else if (!existsSync(program))
  end('The command line is not built yet. Run `npm run build` in the project (`npm start` does it, too).');
else import(program.href);

/** @param {string} problem */
function end(problem) {
  console.error(`error: ${problem}`);
  process.exitCode = 1;
}

/**
 * Set up before each spec of a unit: it has little time, unless it works with something real, which a machine that is
 * busy with something else may keep waiting. Then only what hangs is to fail.
 */
import { expect, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';

/** Modules of Node.js that compute, and wait for nothing. */
const computing = /^node:(assert|buffer|crypto|events|path|querystring|string_decoder|url|util|zlib)$/;

/** What belongs to the tests, seen from a spec beside its source and from one among the tests. */
const testing = /\/(test|support|contract|hostile)\//;

/** Helpers of tests that only make values. */
const making = /\/(fakes|builders)\//;

/**
 * Whether a spec, by what it imports, works with something real: files, sockets, processes, threads, a whole server, a
 * package of its own, or very many generated cases.
 */
export function isReal(source: string): boolean {
  const imported = [...source.matchAll(/\bfrom '([^']+)'|\bimport '([^']+)'/g)].map(
    ([, from, bare]) => from ?? bare ?? '',
  );
  return imported.some((module) => {
    if (module.startsWith('node:')) return !computing.test(module);
    if (module.startsWith('.')) return testing.test(module) && !making.test(module);
    return module !== '@jest/globals';
  });
}

const ofUnitMs = 5000;
const ofRealMs = 120_000;

const { testPath } = expect.getState();
if (testPath === undefined) throw new Error('Jest does not say which spec it runs.');
jest.setTimeout(isReal(readFileSync(testPath, 'utf8')) ? ofRealMs : ofUnitMs);

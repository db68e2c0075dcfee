/**
 * A thread's program imports this first: it resolves `./x.js` to `./x.ts` and strips the types, because tests have no
 * built files.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

// A warning that stripping is experimental would be printed in the middle of the test report.
process.removeAllListeners('warning');

/** Beside what jest keeps: each thread of a test would do the same work again. */
const cache = new URL('../../node_modules/.cache/threads/', import.meta.url);
mkdirSync(cache, { recursive: true });

function stripped(source) {
  const name = createHash('sha256').update(process.version).update(source).digest('hex');
  const kept = new URL(`${name}.js`, cache);
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    const code = stripTypeScriptTypes(source, { mode: 'transform' });
    // Others read it meanwhile: it is there whole, or not at all.
    const whole = new URL(randomUUID(), cache);
    writeFileSync(whole, code);
    renameSync(whole, kept);
    return code;
  }
}

registerHooks({
  resolve(specifier, context, next) {
    const own = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(own ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const source = stripped(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', source, shortCircuit: true };
  },
});

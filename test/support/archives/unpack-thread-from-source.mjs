/**
 * The unpacking thread run from its TypeScript source. Tests have no built files: this thread resolves `./x.js` to
 * `./x.ts` and strips the types itself, then becomes the real one.
 */
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

// A warning that stripping is experimental would be printed in the middle of the test report.
process.removeAllListeners('warning');

registerHooks({
  resolve(specifier, context, next) {
    const own = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(own ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'transform' });
    return { format: 'module', source, shortCircuit: true };
  },
});

await import('../../../src/functions/archive/unpack.thread.ts');

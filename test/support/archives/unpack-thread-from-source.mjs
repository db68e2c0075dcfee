/** The unpacking thread run from its TypeScript source. */
import '../typescript-thread.mjs';

await import('../../../src/functions/archive/unpack.thread.ts');

/** The thread for code, run from its TypeScript source. */
import '../typescript-thread.mjs';

await import('../../../src/functions/archive/code.thread.ts');

/** The thread for code, run from its TypeScript source. */
import './typescript.mjs';

await import('../../src/code/thread/code.thread.ts');

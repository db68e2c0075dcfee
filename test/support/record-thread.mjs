/** The thread of records run from its TypeScript source. */
import './typescript.mjs';

await import('../../src/records/store/thread/records.thread.ts');

/** The thread of records run from its TypeScript source. */
import '../typescript-thread.mjs';

await import('../../../src/records/store/thread/records.thread.ts');

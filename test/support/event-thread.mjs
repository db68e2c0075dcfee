/** The thread of events run from its TypeScript source. */
import './typescript.mjs';

await import('../../src/events/store/thread/events.thread.ts');

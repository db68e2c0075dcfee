import { RecordThread } from '../../../src/records/store/thread/thread-record-store.js';

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const recordThread = new RecordThread(new URL('./record-thread-from-source.mjs', import.meta.url));

import { CodeThread } from '../../src/code/thread/code-thread.js';
import { EventThread } from '../../src/events/store/thread/thread-event-store.js';
import { RecordThread } from '../../src/records/store/thread/thread-record-store.js';

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const codeThread = new CodeThread(new URL('./code-thread.mjs', import.meta.url));

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const recordThread = new RecordThread(new URL('./record-thread.mjs', import.meta.url));

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const eventThread = new EventThread(new URL('./event-thread.mjs', import.meta.url));

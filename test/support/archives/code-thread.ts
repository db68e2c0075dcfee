import { CodeThread } from '../../../src/code/thread/code-thread.js';

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const codeThread = new CodeThread(new URL('./code-thread-from-source.mjs', import.meta.url));

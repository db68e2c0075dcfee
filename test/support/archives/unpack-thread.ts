import { UnpackThread } from '../../../src/functions/archive/thread-unpacker.js';

/** Bind this where a test composes the server from its sources: the built thread is not there. */
export const unpackThread = new UnpackThread(new URL('./unpack-thread-from-source.mjs', import.meta.url));

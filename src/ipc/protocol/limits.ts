/**
 * Sizes that both sides keep to. They are part of the protocol, so they are constants; what an operator may choose is
 * in `ipc.settings.ts` and stays below them.
 */
export const frameHeaderBytes = 8;

/** Most bytes of JSON in a frame from the worker: a result's headers or an error with its stack, fully escaped. */
export const maxWorkerJsonBytes = 128 * 1024;

/** Most bytes of JSON in a frame from the host: environment and secrets, or a request's headers. */
export const maxHostJsonBytes = 4 * 1024 * 1024;

/** Most bytes of body in a frame from the host: the setting of the largest request must stay below it. */
export const maxHostBodyBytes = 256 * 1024 * 1024;

/** Most bytes that one `log` frame carries; a longer print becomes several. */
export const maxLogBytes = 64 * 1024;

/** Most bytes that one `chunk` of a streamed body carries; a longer one becomes several. */
export const maxChunkBytes = 64 * 1024;

/**
 * Most chunks that the worker may have sent and the host not yet passed on: what one call's stream takes of the host's
 * memory at most, however slowly its client reads.
 */
export const streamWindowChunks = 8;

/** Deepest nesting of a frame's JSON: recursion over what a hostile sender nested must not exhaust the stack. */
export const maxJsonDepth = 100;

/** Caps on the text of a failure, in UTF-16 units. */
export const maxErrorTypeLength = 256;
export const maxErrorMessageLength = 1024;
export const maxStackLength = 8 * 1024;

/** Most causes that are reported for a failure, and caps on their codes: an error fully escaped must fit into a frame. */
export const maxCauses = 8;
export const maxCauseCodeLength = 64;

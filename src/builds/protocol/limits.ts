/** Sizes that both sides of a build keep to. They are part of the protocol, so they are constants. */

/** Most bytes of JSON in a frame from the builder: its longest text, fully escaped. */
export const maxBuilderJsonBytes = 128 * 1024;

/** Most bytes that one `chunk` carries. */
export const maxBuildChunkBytes = 64 * 1024;

/** Most chunks that the builder may have sent and the host not yet written to its disk. */
export const buildWindowChunks = 8;

/** Caps on texts, in UTF-16 units: the text of one `log`, and the message of a failure. */
export const maxBuildLogLength = 16 * 1024;
export const maxBuildMessageLength = 2048;

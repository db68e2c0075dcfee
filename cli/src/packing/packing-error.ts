/** What keeps a folder from being packed; the message is a sentence that says what to do. */
export class PackingError extends Error {}

/** What the handler returned breaks a rule; the message says which. */
export class InvalidResult extends Error {}

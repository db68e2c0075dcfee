/** What a line is about, by name; an error goes under `err`. Never a secret, a header or a body. */ /** Structured lines for whoever operates the server. Writing one never waits, never throws. */ export class Log {
}

//# sourceMappingURL=log.js.map
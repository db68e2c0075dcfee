import { randomUUID } from 'node:crypto';
/** The client's own request id where it is harmless to repeat it in logs and answers, else a new one. */ export function requestIdOf(header) {
    return typeof header === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(header) ? header : randomUUID();
}

//# sourceMappingURL=request-id.js.map
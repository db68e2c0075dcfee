import { safeJson } from './safe-json.js';
/** Answers with what functions printed or threw, as text that no terminal obeys. */ export function sendJson(response, body) {
    response.type('application/json').send(safeJson(body));
}

//# sourceMappingURL=send-json.js.map
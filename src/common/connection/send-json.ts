import type { Response } from 'express';
import { escapeUnsafe } from '../safe-text.js';

/** Answers with what functions printed or threw, as text that no terminal obeys. */
export function sendJson(response: Response, body: object): void {
  response.type('application/json').send(escapeUnsafe(JSON.stringify(body)));
}

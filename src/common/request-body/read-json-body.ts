import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';
import { parseJson } from './parse-json.js';
import { readRequestBody } from './read-request-body.js';

/**
 * The whole body, parsed. Rejects with `UNSUPPORTED_MEDIA_TYPE` when its content type is none of `mediaTypes`, with
 * `MALFORMED_REQUEST` when it is not JSON in UTF-8, and as `readRequestBody` does.
 */
export async function readJsonBody(
  request: IncomingMessage,
  limitBytes: number,
  mediaTypes: readonly string[],
): Promise<unknown> {
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  if (!mediaTypes.includes(mediaType.trim().toLowerCase())) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Send the content type ${mediaTypes.join(' or ')}.`);
  }
  const body = await readRequestBody(request, { limitBytes });
  try {
    return parseJson(body);
  } catch {
    throw new DomainError('MALFORMED_REQUEST', 'The body must be one JSON value in UTF-8.');
  }
}

import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';
import { maxBodyDepth, parseJson } from './parse-json.js';
import { readRequestBody, type BodyReading } from './read-request-body.js';

export interface JsonReading extends BodyReading {
  /** Without them any content type will do. */
  readonly mediaTypes?: readonly string[] | undefined;
}

/**
 * The whole body, parsed; `JsonBodies` reads it so. Rejects with `UNSUPPORTED_MEDIA_TYPE` when its content type is none of
 * `mediaTypes`, with `MALFORMED_REQUEST` when it is not JSON in UTF-8 or nested too deep, and as `readRequestBody` does.
 */
export async function readJsonBody(
  request: IncomingMessage,
  { mediaTypes, ...reading }: JsonReading,
): Promise<unknown> {
  if (mediaTypes && !mediaTypes.includes(mediaTypeOf(request))) {
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', `Send the content type ${mediaTypes.join(' or ')}.`);
  }
  const body = await readRequestBody(request, reading);
  try {
    return parseJson(body);
  } catch {
    // The parser's own words quote the text.
    throw new DomainError(
      'MALFORMED_REQUEST',
      `The body must be one JSON value in UTF-8, nested no deeper than ${maxBodyDepth} levels.`,
    );
  }
}

function mediaTypeOf(request: IncomingMessage): string {
  const [mediaType = ''] = (request.headers['content-type'] ?? '').split(';');
  return mediaType.trim().toLowerCase();
}

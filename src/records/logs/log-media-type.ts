import type { Request, Response } from 'express';
import { DomainError } from '../../common/errors/domain-error.js';
import { plainText, serverSentEvents, type LogFormat } from './log-stream.js';

const charset = '; charset=utf-8';

/** Of a log as it stands; JSON unless the client asks for the other. Throws `NOT_ACCEPTABLE` where it wants neither. */
export function pageType(request: Request, response: Response): 'json' | 'text' {
  return negotiated(request, response, { 'application/json': 'json', 'text/plain': 'text' } as const);
}

/** Of a log that is followed; server-sent events unless the client asks for the other. */
export function followFormat(request: Request, response: Response): LogFormat {
  return negotiated(request, response, { 'text/event-stream': serverSentEvents, 'text/plain': plainText });
}

function negotiated<T>(request: Request, response: Response, offers: Readonly<Record<string, T>>): T {
  response.vary('Accept');
  const types = Object.keys(offers);
  // With the charset that the answer has: clients may ask for it, and without it such a type would fit none.
  const chosen = request.accepts(types.map((type) => `${type}${charset}`));
  const offer = chosen === false ? undefined : offers[chosen.slice(0, -charset.length)];
  if (offer !== undefined) return offer;
  const ways = 'Server-sent events come with follow=true, JSON without.';
  throw new DomainError(
    'NOT_ACCEPTABLE',
    `This answer can be ${types.join(' or ')}: name one of them in Accept. ${ways}`,
  );
}

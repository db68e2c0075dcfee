import type { EventResultResponse } from '@glambdar/client';

/** The bytes that the handler answered; undefined where the server did not keep them. */
export function bytesOf({ body, isBase64Encoded }: EventResultResponse): Uint8Array | undefined {
  if (body === null) return undefined;
  if (!isBase64Encoded) return new TextEncoder().encode(body);
  return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
}

/** Each header with each of its values. */
export function headersOf({ headers }: EventResultResponse): readonly (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
}

import type { Readable } from 'node:stream';
import { DomainError } from '../../common/errors/domain-error.js';

/** The form's fields but its file, each sent once. */
export type TextFields = ReadonlyMap<string, string>;

/** The settings, of which the environment may be 16 KiB before JSON escapes it. */
export const maxFieldBytes = 64 * 1024;

/**
 * Joins what came as plain text and what came as a file: clients that give a part a content type, or read it from a file,
 * name a file in it. Throws `INVALID_SETTINGS` for a field that was sent twice or in brackets.
 */
export function textFieldsOf(plain: object, asFiles: readonly (readonly [string, string])[]): TextFields {
  const fields = new Map<string, string>();
  for (const [name, value] of [...(Object.entries(plain) as [string, unknown][]), ...asFiles]) {
    if (fields.has(name) || Array.isArray(value)) throw refusedField(name, `send the field "${name}" once`);
    if (typeof value !== 'string') throw refusedField(name, `send the field "${name}" without brackets`);
    fields.set(name, withoutMark(value));
  }
  return fields;
}

/** Reads a field that came as a file. Rejects with `MALFORMED_REQUEST`, and as the stream does. */
export async function readTextPart(name: string, content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What is too long is read to its end, because the parts after it come through the same stream.
    if (bytes <= maxFieldBytes) chunks.push(chunk);
  }
  if (bytes > maxFieldBytes) throw refusedPart(name, `it has more than ${maxFieldBytes} bytes`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw refusedPart(name, 'it is not text in UTF-8');
  }
}

export function refusedField(field: string, rule: string): DomainError {
  return new DomainError('INVALID_SETTINGS', `The form was refused: ${rule}.`, { field, reason: rule });
}

export function refusedPart(field: string, why: string): DomainError {
  return new DomainError('MALFORMED_REQUEST', `The form's field "${field}" was refused: ${why}.`, { field });
}

/** Some editors begin every file with a byte order mark. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

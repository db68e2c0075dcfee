import { MulterError } from 'multer';
import type { Readable } from 'node:stream';
import { DomainError } from '../../common/errors/domain-error.js';
import { fieldsOf } from '../../common/input/field-rules.js';
import { malformed, readTexts, refusedField } from '../../common/input/read-fields.js';
import { payloadTooLarge } from '../../common/request-body/read-request-body.js';
import { maxSettingsBytes } from '../../functions/settings/function-settings.dto.js';
import { DeployFields } from './deploy.dto.js';

/** What a deployment's form may hold beside its file, and how one that holds anything else is refused. */

/** The largest field is the settings. */
export const maxFieldBytes = maxSettingsBytes;

export const fieldNames: readonly string[] = [...fieldsOf(DeployFields).keys()];

const whatItMayHold = `A form may have one file, "file", and the fields ${fieldNames.join(' and ')}.`;

/**
 * `plain` is what came as text, as multer gives it; `asFiles` what came as a file: clients that give a part a content type,
 * or read it from a file, name a file in it.
 */
export function readFormFields(plain: object, asFiles: readonly (readonly [string, string])[]): DeployFields {
  const asText = Object.entries(plain).flatMap(([name, value]) =>
    [value as unknown].flat().map((text) => [name, plainText(name, text)] as const),
  );
  return readTexts(DeployFields, [...asText, ...asFiles], 'INVALID_SETTINGS');
}

/** Reads a field that came as a file. Rejects with `PAYLOAD_TOO_LARGE` or `MALFORMED_REQUEST`, and as the stream does. */
export async function readTextPart(name: string, content: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What is too long is read to its end, because the parts after it come through the same stream.
    if (bytes <= maxFieldBytes) chunks.push(chunk);
  }
  if (bytes > maxFieldBytes) throw payloadTooLarge(maxFieldBytes, name);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw notUtf8(name);
  }
}

export function missingFile(): DomainError {
  return new DomainError(
    'MISSING_FILE',
    'Send the zip archive as a file, with its name, in the form field "file".',
    { field: 'file' },
  );
}

/** What multer and its parser say when the client's body, and not we, is the reason; they give it no code. */
const malformedBody = /^(Multipart: Boundary not found|Malformed |Unexpected end of |Missing Content-Type)/;
const clientLeft = /^Request (aborted|closed|error)$/;

/** A failure of receiving a form, in the domain's words; what is neither multer's nor the parser's passes unchanged. */
export function uploadErrorOf(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof MulterError) return formErrorOf(error);
  const message = messageOf(error);
  if (malformedBody.test(message)) {
    return malformed(
      'body',
      'The body is not a complete multipart form; send it again with a boundary and all its parts',
    );
  }
  if (!clientLeft.test(message)) return error;
  return new DomainError(
    'CLIENT_CLOSED',
    'The client disconnected before the upload was complete.',
    {},
    { cause: error },
  );
}

function formErrorOf({ code, field = '' }: MulterError): DomainError {
  switch (code) {
    case 'LIMIT_FILE_SIZE':
      if (field !== 'file') return payloadTooLarge(maxFieldBytes, field);
      return new DomainError('ARCHIVE_TOO_LARGE', 'The archive is larger than this server accepts.');
    case 'LIMIT_FIELD_VALUE':
      return payloadTooLarge(maxFieldBytes, field);
    case 'LIMIT_UNEXPECTED_FILE':
      return unexpectedFile(field);
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_PART_COUNT':
    case 'LIMIT_FIELD_COUNT':
      return malformed('body', `The form has too many fields. ${whatItMayHold}`);
    case 'LIMIT_FIELD_KEY':
      return malformed('body', `The form has a field whose name is too long. ${whatItMayHold}`);
    case 'MISSING_FIELD_NAME':
    default:
      return malformed('body', `The form has a field whose name is not valid. ${whatItMayHold}`);
  }
}

/** A file in a field that takes none, or one more in a field that had its own. */
function unexpectedFile(field: string): DomainError {
  if (field === 'file' || fieldNames.includes(field)) return malformed(field, `${field} must be given once`);
  const { message, details } = missingFile();
  return new DomainError(
    'MISSING_FILE',
    `The form has a file in its field "${field}", which is not used here. ${message}`,
    details,
  );
}

function plainText(name: string, text: unknown): string {
  if (typeof text !== 'string') {
    throw refusedField(name, `${name} must be given as one text, without brackets in the field's name`);
  }
  // What is not UTF-8 has become this character by now.
  if (text.includes('\ufffd')) throw notUtf8(name);
  return text;
}

function notUtf8(name: string): DomainError {
  return malformed(name, `${name} must be text in UTF-8`);
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

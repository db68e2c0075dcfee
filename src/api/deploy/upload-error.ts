import { MulterError } from 'multer';
import { DomainError } from '../../common/errors/domain-error.js';
import { optionNames } from './deploy-form.js';

/** What multer and its parser say when the client's body, and not we, is the reason; they give it no code. */
const malformedBody = /^(Multipart: Boundary not found|Malformed |Unexpected end of |Missing Content-Type)/;
const clientLeft = /^Request (aborted|closed|error)$/;

/** A failure of receiving a form, in the domain's words; what is neither multer's nor the parser's passes unchanged. */
export function uploadErrorOf(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof MulterError) return formErrorOf(error);
  const message = messageOf(error);
  if (malformedBody.test(message)) {
    return new DomainError(
      'MALFORMED_REQUEST',
      'The body is not a complete multipart form; send it again with a boundary and all its parts.',
      {},
      { cause: error },
    );
  }
  if (clientLeft.test(message)) {
    return new DomainError(
      'CLIENT_CLOSED',
      'The client disconnected before the upload was complete.',
      {},
      { cause: error },
    );
  }
  return error;
}

export function missingFile(): DomainError {
  return new DomainError(
    'MISSING_FILE',
    'Send the zip archive as a file, with its name, in the form field "file".',
    { field: 'file' },
  );
}

function formErrorOf(error: MulterError): DomainError {
  const options = { cause: error };
  switch (error.code) {
    case 'LIMIT_FILE_SIZE':
      if (error.field !== 'file') return malformedForm("a field's value is too long", options);
      return new DomainError(
        'ARCHIVE_TOO_LARGE',
        'The archive is larger than this server accepts.',
        {},
        options,
      );
    case 'LIMIT_UNEXPECTED_FILE':
      return unexpectedFile(error.field ?? '', options);
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_PART_COUNT':
    case 'LIMIT_FIELD_COUNT':
      return malformedForm('it has too many fields', options);
    case 'LIMIT_FIELD_KEY':
      return malformedForm("a field's name is too long", options);
    case 'LIMIT_FIELD_VALUE':
      return malformedForm("a field's value is too long", options);
    case 'MISSING_FIELD_NAME':
    default:
      return malformedForm("a field's name is not valid", options);
  }
}

/** A file in a field that takes none, or one more in a field that had its own. */
function unexpectedFile(field: string, options: ErrorOptions): DomainError {
  if (field === 'file') return malformedForm('it has more than one file', options);
  if (optionNames.includes(field)) return malformedForm(`it has the field "${field}" twice`, options);
  const { message } = missingFile();
  return new DomainError(
    'MISSING_FILE',
    `The form has a file in its field "${field}", which is not used here. ${message}`,
    { field: 'file' },
    options,
  );
}

function malformedForm(why: string, options: ErrorOptions): DomainError {
  return new DomainError(
    'MALFORMED_REQUEST',
    `The form was refused: ${why}. It may have one file, "file", and the fields "settings" and "strict".`,
    {},
    options,
  );
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

import { DomainError } from '../common/errors/domain-error.js';
import { quoted } from '../common/text/quoted.js';

/** A name that has passed the allow-list: the only client's text that may become part of a path. */
export type FunctionName = string & { readonly brand: 'FunctionName' };

export const functionNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const functionNameRule = '1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit';

/** `origin` tells the caller where the name was read, e.g. `in the path`. */
export function parseFunctionName(text: string, origin = 'in the path'): FunctionName {
  if (!functionNamePattern.test(text)) throw invalidName(text, origin);
  return text as FunctionName;
}

/** The name of an uploaded `myfunc.zip` is `myfunc`. */
export function functionNameOfUpload(fileName: string): FunctionName {
  return parseFunctionName(
    fileName.replace(/\.zip$/i, ''),
    `from the upload's file name ${quoted(fileName)}`,
  );
}

function invalidName(text: string, origin: string): DomainError {
  return new DomainError(
    'INVALID_NAME',
    `${quoted(text)}, ${origin}, is not a function's name: it must be ${functionNameRule}.`,
    { field: 'name' },
  );
}

import { DomainError } from '../common/errors/domain-error.js';

/** A name that has passed the allow-list: the only client's text that may become part of a path. */
export type FunctionName = string & { readonly brand: 'FunctionName' };

export const functionNamePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

export const functionNameRule = '1 to 64 letters, digits, "_" or "-", beginning with a letter or a digit';

export function parseFunctionName(text: string): FunctionName {
  if (!functionNamePattern.test(text)) {
    throw new DomainError('INVALID_NAME', `A function's name must be ${functionNameRule}.`, {
      field: 'name',
    });
  }
  return text as FunctionName;
}

/** The name of an uploaded `myfunc.zip` is `myfunc`. */
export function functionNameOfUpload(fileName: string): FunctionName {
  return parseFunctionName(fileName.replace(/\.zip$/i, ''));
}

import { Injectable, type PipeTransform } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { ApiParam } from '../common/openapi/documentation.js';
import { quoted } from '../common/safe-text.js';

/** A name that has passed the allow-list: the only text from a client that may become part of a path. */
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

/** A path's `:name` becomes a `FunctionName`, or the request fails with `INVALID_NAME`. */
@Injectable()
export class FunctionNamePipe implements PipeTransform<string, FunctionName> {
  transform(text: string): FunctionName {
    return parseFunctionName(text);
  }
}

/** The path parameter `name`, for the OpenAPI document. */
export const DocumentedName = () =>
  ApiParam({ name: 'name', description: `The function's name: ${functionNameRule}.`, example: 'myfunc' });

/**
 * `myfunc` is in `myfunc`; `MyFunc` in `myfunc.5`, whose suffix has one bit per capital, in hexadecimal. Names that
 * differ only in case are different functions, and on a file system that ignores case they would share a directory.
 * No name contains a dot, so the suffix cannot be part of one.
 */
export function directoryNameOf(name: FunctionName): string {
  const capitals = Array.from(name).reduce(
    (bits, character, index) => (/[A-Z]/.test(character) ? bits | (1n << BigInt(index)) : bits),
    0n,
  );
  return capitals === 0n ? name : `${name.toLowerCase()}.${capitals.toString(16)}`;
}

/** Whether a directory may be one that `directoryNameOf` has named. */
export function isFunctionDirectoryName(name: string): boolean {
  return /^[a-z0-9][a-z0-9_-]{0,63}(\.[1-9a-f][0-9a-f]{0,15})?$/.test(name);
}

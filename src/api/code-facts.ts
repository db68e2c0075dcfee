import { ApiProperty } from '../common/openapi/documentation.js';
import type { FunctionVersion } from '../functions/function.js';

/** What every response that speaks of a version says of its code. */
export interface CodeFacts {
  readonly version: number;
  readonly sha256: string;
  readonly codeBytes: number;
  readonly fileCount: number;
}

export function codeFactsOf({ number, sha256, codeBytes, fileCount }: FunctionVersion): CodeFacts {
  return { version: number, sha256, codeBytes, fileCount };
}

/** `description` says which version it is. */
export const Version = (description: string) => ApiProperty({ type: 'integer', description, example: 1 });

export const Sha256 = () =>
  ApiProperty({ description: 'SHA-256 of the uploaded archive.', example: '9f86d081884c7d65'.repeat(4) });

export const CodeBytes = () =>
  ApiProperty({ type: 'integer', description: 'Unpacked size of the code, in bytes.', example: 2048 });

export const FileCount = () =>
  ApiProperty({ type: 'integer', description: 'Files in the code.', example: 2 });

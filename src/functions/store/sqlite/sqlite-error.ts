import { isDuplicate, storageErrorOf } from '../../../common/database/sqlite-error.js';
import { functionExists } from '../../function-errors.js';
import type { FunctionName } from '../../function-name.js';

/** What a failed insertion means to the caller; what is none of these is our own bug and passes unchanged. */
export function insertionErrorOf(error: unknown, name: FunctionName): unknown {
  if (isDuplicate(error, 'functions.name')) return functionExists(name, undefined, { cause: error });
  return storageErrorOf(error);
}

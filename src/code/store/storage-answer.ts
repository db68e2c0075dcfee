import { storageFailure } from '../../common/errors/storage-failure.js';

/** Runs file operations; their errors become what a caller may know. */
export async function answeringForStorage<T>(operations: () => Promise<T>): Promise<T> {
  try {
    return await operations();
  } catch (error) {
    throw storageFailure(error);
  }
}

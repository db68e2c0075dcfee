import type { RecordedVersion } from '../../functions/store/function-store.js';

/** One thread reads one batch: enough that threads are few, not so much that a stop or a finding waits for long. */
const maxVersions = 128;
const maxBytes = 64 * 1024 * 1024;

/** In their order; a version that is larger than a batch may be is one of its own. */
export function* batchesOf(versions: Iterable<RecordedVersion>): Generator<RecordedVersion[]> {
  let batch: RecordedVersion[] = [];
  let bytes = 0;
  for (const version of versions) {
    const isFull = batch.length === maxVersions || bytes + version.codeBytes > maxBytes;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(version);
    bytes += version.codeBytes;
  }
  if (batch.length > 0) yield batch;
}

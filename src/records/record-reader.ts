import { Injectable } from '@nestjs/common';
import type { Principal } from '../common/auth/caller.js';
import { ReadQueue } from './read-queue.js';
import { RecordWriter } from './record-writer.js';
import {
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
} from './store/record-store.js';

/** Who reads: each key has its share of all reads. */
type Reader = Pick<Principal, 'keyId'>;

/**
 * Reads what is kept, what still waited to be written included: a call's records are there when it has ended. Rejects as
 * `ReadQueue.request` and the store do.
 */
@Injectable()
export class RecordReader {
  constructor(
    private readonly store: RecordStore,
    private readonly writer: RecordWriter,
    private readonly queue: ReadQueue,
  ) {}

  lines(query: LineQuery, { keyId }: Reader): Promise<LinePage> {
    return this.queue.request(keyId, async () => {
      await this.writer.flushLines(query.functionId);
      return this.store.lines(query);
    });
  }

  invocation(id: string, { keyId }: Reader): Promise<InvocationRecord | undefined> {
    return this.queue.request(keyId, async () => {
      await this.writer.flushRecords();
      return this.store.invocation(id);
    });
  }

  invocations(query: InvocationQuery, { keyId }: Reader): Promise<InvocationRecord[]> {
    return this.queue.request(keyId, async () => {
      await this.writer.flushRecords();
      return this.store.invocations(query);
    });
  }
}

import { Injectable } from '@nestjs/common';
import { RecordWriter } from './record-writer.js';
import {
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
} from './store/record-store.js';

/** Reads what is kept, what still waited to be written included: a call's records are there when it has ended. */
@Injectable()
export class RecordReader {
  constructor(
    private readonly store: RecordStore,
    private readonly writer: RecordWriter,
  ) {}

  async lines(query: LineQuery): Promise<LinePage> {
    await this.writer.flushLines(query.functionId);
    return this.store.lines(query);
  }

  async invocation(id: string): Promise<InvocationRecord | undefined> {
    await this.writer.flushRecords();
    return this.store.invocation(id);
  }

  async invocations(query: InvocationQuery): Promise<InvocationRecord[]> {
    await this.writer.flushRecords();
    return this.store.invocations(query);
  }
}

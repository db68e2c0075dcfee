import type { Log } from '../../../common/log/log.js';
import type { Clock } from '../../../common/time/clock.js';
import { ThreadClient, type ThreadLimits } from '../../../storage/thread/thread-client.js';
import {
  RecordStore,
  type InvocationQuery,
  type InvocationRecord,
  type LinePage,
  type LineQuery,
  type RecordBatch,
} from '../record-store.js';
import type { RecordThreadData } from './records.thread.js';

/** The program of the thread. Tests run from TypeScript and bind another. */
export class RecordThread {
  constructor(readonly module: URL = new URL('./records.thread.js', import.meta.url)) {}
}

/** Room for the largest page of lines several times over. */
const resourceLimits = { maxOldGenerationSizeMb: 96 };

/** The store of records in a thread of its own. */
export class ThreadRecordStore extends RecordStore {
  private readonly client: ThreadClient<RecordStore>;

  constructor(
    thread: RecordThread,
    workerData: () => RecordThreadData,
    limits: ThreadLimits,
    clock: Clock,
    log: Log,
  ) {
    super();
    const plan = { thread, workerData, context: () => undefined, resourceLimits };
    this.client = new ThreadClient('records', plan, limits, clock, log);
  }

  /** As all work of the server's own it has no deadline, and a place however many read: the server must know when it is done. */
  override write(batch: RecordBatch): Promise<void> {
    return this.client.send('write', batch);
  }

  override lines(query: LineQuery): Promise<LinePage> {
    return this.client.ask('lines', query);
  }

  override invocation(id: string): Promise<InvocationRecord | undefined> {
    return this.client.ask('invocation', id);
  }

  override invocations(query: InvocationQuery): Promise<InvocationRecord[]> {
    return this.client.ask('invocations', query);
  }

  override forget(functionId: string): Promise<void> {
    return this.client.send('forget', functionId);
  }

  override retain(functionIds: readonly string[]): Promise<void> {
    return this.client.send('retain', functionIds);
  }

  override newestSequence(): Promise<number> {
    return this.client.send('newestSequence');
  }

  override close(): Promise<void> {
    return this.client.close();
  }
}

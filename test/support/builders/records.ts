import type { EndedInvocation } from '../../../src/records/store/ended-invocation.js';
import type { InvocationRecord, LogLine, RecordBatch } from '../../../src/records/store/record-store.js';

const hello = { id: 'f-hello', name: 'hello', version: 1, revision: 2 };

/** A line of the function `f-hello`; tests name what matters to them. */
export function logLine(sequence: number, fields: Partial<LogLine> = {}): LogLine {
  return {
    sequence,
    function: hello,
    invocationId: null,
    atMs: 1_000_000 + sequence,
    phase: 'call',
    stream: 'stdout',
    level: 'info',
    text: `line ${sequence}`,
    isCut: false,
    droppedBytes: 0,
    ...fields,
  };
}

export function endedInvocation(id: string, fields: Partial<EndedInvocation> = {}): EndedInvocation {
  return {
    id,
    function: hello,
    startedAtMs: 1_000_000,
    outcome: 'success',
    statusCode: 200,
    failure: null,
    phases: { queueMs: 0.1, containerMs: 2, handlerMs: 3.5, totalMs: 6 },
    origin: 'fresh-pool',
    requestBytes: 10,
    responseBytes: 20,
    traceparent: null,
    ...fields,
  };
}

export function invocationRecord(id: string, fields: Partial<InvocationRecord> = {}): InvocationRecord {
  return { ...endedInvocation(id), usage: { memoryPeakBytes: null, cpuTimeMs: null }, ...fields };
}

export function recordBatch(fields: Partial<RecordBatch>): RecordBatch {
  return { lines: [], invocations: [], usages: [], ...fields };
}

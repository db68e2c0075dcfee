import { Cancellation } from '../../../src/common/time/cancellation.js';
import type { ChosenSettings, DeployedFunction } from '../../../src/functions/function.js';
import { completeSettings } from '../../../src/functions/settings/default-settings.js';
import {
  type EndedCall,
  type Invocation,
  type InvocationTimings,
  InvocationTrace,
  Payload,
} from '../../../src/invocation/invocation.js';
import type {
  EndedInvocation,
  InvocationRecord,
  LogLine,
  RecordBatch,
} from '../../../src/records/store/record-store.js';
import { noArrivals, type PoolView } from '../../../src/sandbox/pool/pool-policy.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { httpPresentation } from '../messages.js';

const identity = {
  invocationId: '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a',
  traceId: '5bd66ef509544a1c8c7d1f2e3d4c5b6a',
  traceparent: '00-5bd66ef509544a1c8c7d1f2e3d4c5b6a-8c7d1f2e3d4c5b6a-00',
};

const answered: InvocationTimings = {
  queueMs: 0.1,
  containerMs: 0.2,
  origin: 'fresh-pool',
  handlerMs: 2,
  totalMs: 2.3,
};

/** A call that a waiting container has answered; tests name what matters to them. */
export function endedCall(
  deployed: DeployedFunction,
  { timings = answered, ...fields }: Partial<EndedCall> & { readonly timings?: InvocationTimings } = {},
): EndedCall {
  const success = { outcome: 'success', statusCode: 200, responseBytes: 10 } as const;
  const end = fields.outcome === undefined ? success : { responseBytes: 10 };
  return { invocation: invocationOf(deployed, timings), deployed, outcome: 'success', ...end, ...fields };
}

function invocationOf(deployed: DeployedFunction, timings: InvocationTimings): Invocation {
  return {
    trace: Object.assign(new InvocationTrace(identity, new ManualClock()), { times: timings }),
    target: { name: deployed.name, qualifier: 'latest' },
    trigger: { kind: 'http' },
    keyId: undefined,
    payload: new Payload(Buffer.from('{}'), () => undefined),
    presentation: httpPresentation,
    priority: 'normal',
    deadlineMs: undefined,
    cancellation: new Cancellation(),
    sendStreamed: () => Promise.resolve(),
  };
}

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

export type PoolViewFields = Partial<Omit<PoolView, 'settings'>> & { settings?: ChosenSettings };

/** A function that was useful just now and keeps nothing; tests name what matters to them. */
export function poolView(nowMs: number, { settings, ...fields }: PoolViewFields = {}): PoolView {
  return {
    available: 0,
    provisioning: 0,
    busy: 0,
    waiting: 0,
    waitingInBackground: 0,
    arrivals: noArrivals,
    lastUsefulAtMs: nowMs,
    provisionMs: 200,
    onDemandOnly: false,
    closed: false,
    ...fields,
    settings: completeSettings(settings ?? {}),
  };
}

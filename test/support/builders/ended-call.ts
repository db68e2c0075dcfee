import { ManualClock } from '../../fakes/manual-clock.js';
import { Cancellation } from '../../../src/common/time/cancellation.js';
import type { DeployedFunction } from '../../../src/functions/function.js';
import type { EndedCall } from '../../../src/invocation/ended-calls.js';
import { InvocationTrace, type InvocationTimings } from '../../../src/invocation/invocation-trace.js';
import { type Invocation, Payload } from '../../../src/invocation/invocation.js';
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
    trigger: 'http',
    keyId: undefined,
    payload: new Payload(Buffer.from('{}'), () => undefined),
    presentation: httpPresentation,
    priority: 'normal',
    deadlineMs: undefined,
    cancellation: new Cancellation(),
    sendStreamed: () => Promise.resolve(),
  };
}

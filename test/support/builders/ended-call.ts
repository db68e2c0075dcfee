import { Cancellation } from '../../../src/common/time/cancellation.js';
import type { DeployedFunction } from '../../../src/functions/function.js';
import type { EndedCall } from '../../../src/invocation/ended-calls.js';
import { RequestBody } from '../../../src/invocation/request-body.js';

/** A call that a waiting container has answered; tests name what matters to them. */
export function endedCall(deployed: DeployedFunction, fields: Partial<EndedCall> = {}): EndedCall {
  return {
    call: {
      invocationId: '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a',
      traceId: '5bd66ef509544a1c8c7d1f2e3d4c5b6a',
      functionName: deployed.name,
      method: 'POST',
      rawPath: '/',
      rawQueryString: '',
      headers: {},
      protocol: 'HTTP/1.1',
      sourceIp: '127.0.0.1',
      keyId: undefined,
      body: new RequestBody(Buffer.from('{}'), () => undefined),
      cancellation: new Cancellation(),
      sendStreamed: () => Promise.resolve(),
    },
    deployed,
    phases: { queueMs: 0.1, containerMs: 0.2, origin: 'fresh-pool', handlerMs: 2, totalMs: 2.3 },
    outcome: 200,
    responseBytes: 10,
    ...fields,
  };
}

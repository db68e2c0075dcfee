import type { Cancellation } from '../common/time/cancellation.js';
import type { FunctionName } from '../functions/function-name.js';
import type { Presentation } from '../ipc/protocol/messages.js';
import type { StreamedResult } from '../ipc/worker-session.js';
import type { InvocationTrace } from './invocation-trace.js';
import type { Payload } from './payload.js';

/**
 * One wish to run a function, whatever triggered it. Nothing in it has been trusted yet but the name, which passed the
 * allow-list.
 */
export interface Invocation {
  /** Its ids, which the trigger has made, and where its time goes. */
  readonly trace: InvocationTrace;
  readonly functionName: FunctionName;
  /** The key that the caller has shown; undefined where none was needed. */
  readonly keyId: string | undefined;
  readonly payload: Payload;
  /** What the handler sees the payload as. */
  readonly presentation: Presentation;
  /** With `CLIENT_CLOSED` when nobody waits for the result any more, with `DRAINING` when the server stops. */
  readonly cancellation: Cancellation;
  /** Begins a streamed result and passes its body on; settles when all is handed over or it broke off. */
  readonly sendStreamed: (result: StreamedResult) => Promise<void>;
}

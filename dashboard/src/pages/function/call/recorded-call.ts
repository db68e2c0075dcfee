import { getInvocation, type InvocationResponse, listInvocations } from '@glambdar/client';
import { throwing } from '../../../api/client.js';
import { pause } from '../../../api/follow-events.js';
import { ApiError } from '../../../api/problem.js';

/** A record is written a moment after the call has ended. */
const pausesMs = [50, 100, 150, 250, 500, 1000, 2000];

/** The record of a call that has just ended; undefined where there is none after a few seconds. */
export function recordOf(id: string, signal: AbortSignal): Promise<InvocationResponse | undefined> {
  return eventually(async () => {
    const { data } = await getInvocation({ ...throwing, path: { id }, signal });
    return data;
  }, signal);
}

/** The same for a call whose answer the browser hides, which is known by the trace that it belongs to. */
export function recordOfTrace(
  name: string,
  traceId: string,
  signal: AbortSignal,
): Promise<InvocationResponse | undefined> {
  return eventually(async () => {
    const { data } = await listInvocations({ ...throwing, query: { function: name, limit: 20 }, signal });
    return data.invocations.find(({ traceparent }) => traceparent?.includes(traceId) === true);
  }, signal);
}

async function eventually(
  find: () => Promise<InvocationResponse | undefined>,
  signal: AbortSignal,
): Promise<InvocationResponse | undefined> {
  for (const ms of pausesMs) {
    await pause(ms, signal);
    if (signal.aborted) return undefined;
    const found = await find().catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    });
    if (found) return found;
  }
  return undefined;
}

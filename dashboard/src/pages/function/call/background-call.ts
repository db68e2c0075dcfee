import type { CallRequest } from './call-request.js';
import type { CallAnswer } from './send-call.js';

/** The same call as an event (RFC 7240). What the person prefers beside that, they may still say in a header of their own. */
export function inBackground(request: CallRequest): CallRequest {
  return { ...request, headers: [...request.headers, ['prefer', 'respond-async']] };
}

/** The event that the server has made of a call; undefined where it is answered otherwise, by a function above all. */
export function eventIdIn(
  answer: Pick<CallAnswer, 'status' | 'headers' | 'bytes'> | undefined,
): string | undefined {
  if (answer?.status !== 202) return undefined;
  const applied = answer.headers.find(([name]) => name === 'preference-applied')?.[1];
  if (applied !== 'respond-async') return undefined;
  return idIn(new TextDecoder().decode(answer.bytes));
}

/** A function may answer so, too, and then anything. */
function idIn(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

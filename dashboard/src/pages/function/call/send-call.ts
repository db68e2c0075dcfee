import { noticeRefusal, writeHeaders } from '../../../api/client.js';
import type { CallRequest } from './call-request.js';

/** An answer as it has come so far. */
export interface CallAnswer {
  /** Zero for a redirect: a browser keeps from a page where it leads. */
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bytes: Uint8Array;
  /** `whole` once everything is there; `cut` where reading stopped at the limit. */
  readonly state: 'arriving' | 'whole' | 'cut' | 'broken';
  readonly tookMs: number;
  readonly invocationId: string | null;
  readonly contentType: string | null;
  readonly serverTiming: string | null;
}

/** More is not read: the page shows less than that anyway, and an answer may have no end. */
export const mostAnswerBytes = 8 * 1024 * 1024;

/** A page is told at most so often how far an answer is. */
const reportEveryMs = 100;

/**
 * Calls a function and reports the answer as it comes, the whole of it last. Rejects as `fetch` where no answer comes, or
 * when taken back before one has.
 */
export async function sendCall(
  { url, method, headers, body }: CallRequest,
  onAnswer: (answer: CallAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = performance.now();
  const response = await fetch(url, {
    method,
    headers: [...headers.map(([name, value]): [string, string] => [name, value]), ...csrf(method)],
    body: body ?? null,
    redirect: 'manual',
    cache: 'no-store',
    signal,
  });
  const head = headOf(response);
  const report = (bytes: Uint8Array, state: CallAnswer['state']) => {
    onAnswer({ ...head, bytes, state, tookMs: performance.now() - startedAt });
  };
  // The server itself has refused it, perhaps because the session is another one by now.
  if (head.invocationId === null && [401, 403].includes(response.status)) noticeRefusal(401, undefined);
  await readBody(response, report);
}

function csrf(method: string): [string, string][] {
  return Object.entries(writeHeaders(method));
}

function headOf(response: Response) {
  return {
    status: response.status,
    statusText: response.statusText,
    headers: [...response.headers],
    invocationId: response.headers.get('x-glambdar-invocation-id'),
    contentType: response.headers.get('content-type'),
    serverTiming: response.headers.get('server-timing'),
  };
}

async function readBody(
  response: Response,
  report: (bytes: Uint8Array, state: CallAnswer['state']) => void,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let reportedAt = performance.now();
  const reader = response.body?.getReader();
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      chunks.push(part.value);
      length += part.value.length;
      if (length > mostAnswerBytes) {
        await reader?.cancel();
        report(joined(chunks, mostAnswerBytes), 'cut');
        return;
      }
      if (performance.now() - reportedAt < reportEveryMs) continue;
      reportedAt = performance.now();
      report(joined(chunks, length), 'arriving');
    }
    report(joined(chunks, length), 'whole');
  } catch {
    // Half an answer is shown as one: the function failed in the middle of it, or the person stopped it.
    report(joined(chunks, length), 'broken');
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, length - offset), offset);
    offset += chunk.length;
  }
  return bytes;
}

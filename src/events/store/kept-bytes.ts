import type { EventResult, EventState } from '../event.js';

/** What an event costs on the disk beside its request and its result: its row, its attempts and its places in the indexes. */
export const eventCostBytes = 2048;

export function resultBytesOf(result: EventResult | null): number {
  if (!result) return 0;
  return (result.body?.length ?? 0) + JSON.stringify(result.headers).length;
}

/** Of an answer to a call nothing is left but that there was one. */
export function withoutContent({ status, bodyBytes }: EventResult): EventResult {
  return { status, headers: {}, body: null, bodyBytes };
}

/** What an event that has ended is counted as; one that waits or runs is counted by its request, elsewhere. */
export function keptBytesOf(state: EventState, requestBytes: number, resultBytes: number): number {
  const whole = eventCostBytes + resultBytes;
  if (state === 'succeeded') return whole;
  return state === 'dead' ? whole + requestBytes : 0;
}

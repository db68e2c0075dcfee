import type { EventBudget, Forgotten } from '../../../src/events/store/event-store.js';
import { bytesOf, type KeptEvent } from './kept-event.js';

/** The oldest that have to go for lack of room, and what that is called; none where there is room. */
export function tooMany(
  events: readonly KeptEvent[],
  budget: EventBudget,
  limit: number,
): Forgotten & { readonly gone: readonly KeptEvent[] } {
  const excess = sizeOf(events) - budget.keptBytes;
  const [giver] = excess > 0 ? givers(events, budget) : [];
  if (!giver) return { gone: [], mayBeMore: false, dropped: null };
  const { functionId, succeeded, dead } = giver;
  const oldest = (succeeded.length > 0 ? succeeded : dead).slice(0, limit);
  const gone = oldest.filter((_, index) => sizeOf(oldest.slice(0, index)) < excess);
  const dropped = succeeded.length > 0 ? null : { functionId, dead: gone.length };
  return { gone, mayBeMore: sizeOf(gone) < excess, dropped };
}

/** Functions that have something to give, the one that gives first at the front. */
function givers(events: readonly KeptEvent[], { functionKeptBytes }: EventBudget) {
  return [...new Set(events.map(({ event }) => event.functionId))]
    .map((functionId) => {
      const own = events.filter(({ event }) => event.functionId === functionId);
      const [succeeded, dead] = (['succeeded', 'dead'] as const).map((state) =>
        own.filter(({ record }) => record.state === state),
      ) as [KeptEvent[], KeptEvent[]];
      const bytes = sizeOf(own);
      return { functionId, succeeded, dead, bytes, hasTooMuch: bytes > functionKeptBytes };
    })
    .filter(({ bytes }) => bytes > 0)
    .sort(
      (one, other) =>
        Number(other.hasTooMuch) - Number(one.hasTooMuch) ||
        Number(other.succeeded.length > 0) - Number(one.succeeded.length > 0) ||
        other.bytes - one.bytes,
    );
}

function sizeOf(events: readonly KeptEvent[]): number {
  return events.reduce((sum, kept) => sum + bytesOf(kept), 0);
}

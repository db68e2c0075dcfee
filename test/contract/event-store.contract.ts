import type { EventBudget, EventStore } from '../../src/events/store/event-store.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { acceptingContract } from './events/accepting.js';
import { attemptsContract } from './events/attempts.js';
import { goingContract } from './events/going.js';
import { keptRoomContract } from './events/kept-room.js';
import { keysAndSchedulesContract } from './events/keys-and-schedules.js';
import { leasesContract } from './events/leases.js';
import { orderingContract } from './events/ordering.js';
import { readingContract } from './events/reading.js';
import type { TestedStore } from './events/tested-store.js';

/**
 * Room for ten of the usual requests, eight of them one function's and four of those strangers'; and for what has ended with four
 * large results, of which three are more than a function's share.
 */
export const contractBudget = {
  queuedBytes: 40,
  functionQueuedBytes: 32,
  strangersPercent: 50,
  keptBytes: 450_000,
  functionKeptBytes: 250_000,
  answerBytes: 1000,
} satisfies EventBudget;

/** What every `EventStore` promises. `makeStore` gives an empty one that reads this clock and keeps this budget. */
export function eventStoreContract(
  adapter: string,
  makeStore: (clock: ManualClock, budget: EventBudget) => Promise<EventStore>,
): void {
  describe(`the contract of EventStore, kept by ${adapter}`, () => {
    let tested: TestedStore;
    beforeEach(async () => {
      const clock = new ManualClock();
      tested = { clock, store: await makeStore(clock, contractBudget) };
    });
    afterEach(() => tested.store.close());

    acceptingContract(() => tested);
    attemptsContract(() => tested);
    leasesContract(() => tested);
    orderingContract(() => tested);
    readingContract(() => tested);
    goingContract(() => tested);
    keptRoomContract(() => tested);
    keysAndSchedulesContract(() => tested);
  });
}

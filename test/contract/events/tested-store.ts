import type { EventStore } from '../../../src/events/store/event-store.js';
import type { ManualClock } from '../../fakes/manual-clock.js';

/** A store under test, and the clock that it reads. */
export interface TestedStore {
  readonly store: EventStore;
  readonly clock: ManualClock;
}

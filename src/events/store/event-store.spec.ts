import { eventStoreContract } from '../../../test/contract/event-store.contract.js';
import { InMemoryEventStore } from '../../../test/fakes/in-memory-event-store.js';

eventStoreContract('the in-memory fake', async (clock, budget) => new InMemoryEventStore(clock, budget));

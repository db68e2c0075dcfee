import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '../../../test/contract/event-store.contract.js';
import { InMemoryEventStore } from '../../../test/fakes/in-memory-event-store.js';
import { clockReading } from '../../../test/support/builders/events.js';
import { SqliteEventStore } from './sqlite/sqlite-event-store.js';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'glambdar-events-'));
  file = join(directory, 'events.sqlite');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

eventStoreContract('the in-memory fake', async (clock, budget) => new InMemoryEventStore(clock, budget));
eventStoreContract('SQLite', (clock, budget) =>
  SqliteEventStore.open(file, budget, () => clockReading(clock)),
);

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { InMemoryAuditStore } from '../../../test/fakes/in-memory-access-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { settingsFor } from '../../../test/support/builders/settings.js';
import { accessSettings } from '../access.settings.js';
import { Refusals } from './refusals.js';

const refused = { code: 'UNAUTHENTICATED', keyId: undefined, address: '192.0.2.7' } as const;

let store: InMemoryAuditStore;
let log: RecordingLog;
let clock: ManualClock;
let refusals: Refusals;
beforeEach(() => {
  store = new InMemoryAuditStore();
  log = new RecordingLog();
  clock = new ManualClock();
  const settings = settingsFor(accessSettings, { loggedRefusalsPerMinute: 3, auditedRefusalsPerHour: 2 });
  refusals = new Refusals(store, clock, log, settings);
});

function note(times = 1, refusal: Parameters<Refusals['note']>[2] = refused): void {
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: 'POST',
    url: '/invoke/hello?token=hush',
    route: { path: '/invoke/:name' },
  });
  const response = new ServerResponse(request);
  response.setHeader('X-Request-Id', 'r-1');
  for (let i = 0; i < times; i += 1) refusals.note(request, response, refusal);
}

const recorded = () => store.after(0, 100);

describe('a request that was turned away', () => {
  it('is told to log and audit trail by its route, never by its path', async () => {
    note();
    const told = {
      actor: 'nobody',
      target: 'POST /invoke/:name',
      outcome: 'UNAUTHENTICATED',
      requestId: 'r-1',
      address: '192.0.2.7',
    };
    expect(log.lines).toEqual([{ level: 'warn', fields: told, message: 'a request was turned away' }]);
    await expect(recorded()).resolves.toEqual([
      { sequence: 1, action: 'request.refuse', at: clock.wallTime(), sha256: null, ...told },
    ]);
  });

  it('is told with the key that was not enough', async () => {
    note(1, { code: 'FORBIDDEN', keyId: '0123456789ab', address: '192.0.2.7' });
    await expect(recorded()).resolves.toMatchObject([{ actor: '0123456789ab', outcome: 'FORBIDDEN' }]);
  });

  it('is told only so often, and the log says how many it left out', async () => {
    note(10);
    expect(log.lines).toHaveLength(3);
    await expect(recorded()).resolves.toHaveLength(2);
    clock.advance(20_000);
    note(2);
    expect(log.lines.slice(3).map(({ fields }) => fields)).toMatchObject([{ untold: 7 }]);
    clock.advance(20_000);
    note();
    expect(log.lines.at(-1)?.fields).toMatchObject({ untold: 1 });
    await expect(recorded()).resolves.toHaveLength(2);
    clock.advance(1_800_000);
    note();
    await expect(recorded()).resolves.toHaveLength(3);
  });

  it('is turned away also when it cannot be recorded', async () => {
    const failed = Promise.reject(new Error('disk full'));
    store.append = () => failed;
    note();
    await failed.catch(() => undefined);
    expect(log.messagesAt('error')).toEqual(['a refusal could not be recorded']);
  });
});

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { InMemoryAuditStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { UnauditedDenials } from '../../common/auth/denial-tallies.js';
import { sharesSettings } from '../../common/shares/shares.settings.js';
import { authSettings } from '../auth.settings.js';
import { DenialLog } from './denial-log.js';

const refused = { code: 'UNAUTHENTICATED', keyId: undefined, address: '192.0.2.7' } as const;

let store: InMemoryAuditStore;
let log: RecordingLog;
let clock: ManualClock;
let refusals: DenialLog;
let unaudited: UnauditedDenials;
beforeEach(() => {
  store = new InMemoryAuditStore();
  log = new RecordingLog();
  clock = new ManualClock();
  const settings = settingsFor(authSettings, { loggedRefusalsPerMinute: 3, auditedRefusalsPerHour: 2 });
  unaudited = new UnauditedDenials();
  refusals = new DenialLog(store, clock, log, unaudited, settings, settingsFor(sharesSettings));
});

type Refusal = Parameters<DenialLog['note']>[2];

/** Whoever comes from another address each time. */
const crowd = (count: number, as = refused): Refusal[] =>
  Array.from({ length: count }, (_, index) => ({ ...as, address: `192.0.2.${index}` }));

const ofKey = (keyId: string): Refusal => ({ code: 'FORBIDDEN', keyId, address: '192.0.2.7' });

function note(...all: Refusal[]): ServerResponse {
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: 'POST',
    url: '/info/hello?token=hush',
    route: { path: '/info/:name' },
  });
  return noteOf(request, ...all);
}

function noteOf(request: IncomingMessage, ...all: Refusal[]): ServerResponse {
  request.headers['x-request-id'] = 'r-1';
  const response = new ServerResponse(request);
  for (const refusal of all) refusals.note(request, response, refusal);
  return response;
}

const recorded = () => store.after(0, 100);

describe('a request that was turned away', () => {
  it('is told to log and audit trail by its route, never by its path', async () => {
    note(refused);
    const told = {
      actor: 'nobody',
      target: 'POST /info/:name',
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
    note(ofKey('0123456789ab'));
    await expect(recorded()).resolves.toMatchObject([{ actor: '0123456789ab', outcome: 'FORBIDDEN' }]);
  });

  it('of a call is told with its route and a request id, which the answer has', async () => {
    const request = Object.assign(new IncomingMessage(new Socket()), {
      method: 'GET',
      url: '/INVOKE/hello/path?token=hush',
    });
    const response = noteOf(request, refused);
    await expect(recorded()).resolves.toMatchObject([{ target: 'GET /invoke/:name', requestId: 'r-1' }]);
    expect(response.getHeader('X-Request-Id')).toBe('r-1');
  });

  it('is told only so often, and the log says how many it left out', async () => {
    note(...crowd(10));
    expect(log.messagesAt('warn')).toHaveLength(3);
    await expect(recorded()).resolves.toHaveLength(2);
    log.lines.splice(0);
    clock.advance(20_000);
    note(...crowd(2));
    clock.advance(20_000);
    note(refused);
    expect(log.lines.map(({ fields }) => fields)).toMatchObject([{ untold: 7 }, { untold: 1 }]);
    log.lines.splice(0);
    await expect(recorded()).resolves.toHaveLength(2);
    clock.advance(1_800_000);
    note({ ...refused, address: '192.0.2.99' });
    await expect(recorded()).resolves.toHaveLength(3);
    expect(log.lines).toMatchObject([
      { message: 'a request was turned away' },
      { fields: { of: 'stranger', leftOut: 11 }, message: expect.stringContaining('audit log') as string },
    ]);
  });

  it('of a key is told however many strangers were turned away', async () => {
    note(...crowd(1000), ofKey('0123456789ab'));
    expect(log.lines.at(-1)?.fields).toMatchObject({ actor: '0123456789ab' });
    expect(log.lines.at(-1)?.fields).not.toHaveProperty('untold');
    expect((await recorded()).map(({ actor }) => actor)).toEqual(['nobody', 'nobody', '0123456789ab']);
  });

  it.each([
    ['key', [...Array.from({ length: 10 }, () => ofKey('greedy')), ofKey('other')]],
    ['address', [...Array.from({ length: 10 }, () => refused), { ...refused, address: '192.0.2.8' }]],
  ])('leaves room to others where one %s is turned away over and over', async (_, all: Refusal[]) => {
    note(...all);
    const last = all.at(-1);
    expect((await recorded()).at(-1)).toMatchObject({
      address: last?.address,
      actor: last?.keyId ?? 'nobody',
    });
    await expect(recorded()).resolves.toHaveLength(2);
  });

  it('is turned away also when it cannot be recorded', async () => {
    const failed = Promise.reject(new Error('disk full'));
    store.append = () => failed;
    note(refused);
    await failed.catch(() => undefined);
    expect(log.messagesAt('error')).toEqual(['a refusal could not be recorded']);
  });
});

describe('refusals that the audit log leaves out', () => {
  it('are counted, those of strangers and of keys apart', () => {
    note(...crowd(5), ofKey('k-1'), ofKey('k-1'), ofKey('k-1'));
    expect(unaudited.byKind).toEqual({ stranger: 3, key: 2 });
  });
});

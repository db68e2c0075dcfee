import type { IncomingMessage, ServerResponse } from 'node:http';
import { InMemoryAuditStore } from '../../../test/fakes/in-memory-auth-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { httpRequest, responseTo } from '../../../test/support/builders/request.js';
import { UnauditedDenials } from '../../common/counters.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { authSettings } from '../auth.settings.js';
import { DenialLog, type Denial } from './denial-log.js';

const denied = { code: 'UNAUTHENTICATED', keyId: undefined, address: '192.0.2.7' } as const;

let store: InMemoryAuditStore;
let log: RecordingLog;
let clock: ManualClock;
let denials: DenialLog;
let unaudited: UnauditedDenials;
beforeEach(() => {
  store = new InMemoryAuditStore();
  log = new RecordingLog();
  clock = new ManualClock();
  const settings = settingsFor(authSettings, { loggedDenialsPerMinute: 3, auditedDenialsPerHour: 2 });
  unaudited = new UnauditedDenials();
  denials = new DenialLog(store, clock, log, unaudited, settings, settingsFor(fairShareSettings));
});

/** Whoever comes from another address each time. */
const crowd = (count: number, as = denied): Denial[] =>
  Array.from({ length: count }, (_, index) => ({ ...as, address: `192.0.2.${index}` }));

const ofKey = (keyId: string): Denial => ({ code: 'FORBIDDEN', keyId, address: '192.0.2.7' });

function note(...all: Denial[]): ServerResponse {
  const request = httpRequest({ method: 'POST', url: '/info/hello?token=hush' });
  return noteOf(Object.assign(request, { route: { path: '/info/:name' } }), ...all);
}

function noteOf(request: IncomingMessage, ...all: Denial[]): ServerResponse {
  request.headers['x-request-id'] = 'r-1';
  const response = responseTo(request);
  for (const denial of all) denials.note(request, response, denial);
  return response;
}

const recorded = () => store.after(0, 100);

describe('a request that was turned away', () => {
  it('is logged and recorded by its route, never by its path', async () => {
    note(denied);
    const line = {
      actor: 'nobody',
      target: 'POST /info/:name',
      outcome: 'UNAUTHENTICATED',
      requestId: 'r-1',
      address: '192.0.2.7',
    };
    expect(log.lines).toEqual([{ level: 'warn', fields: line, message: 'a request was denied' }]);
    await expect(recorded()).resolves.toEqual([
      { sequence: 1, action: 'request.refuse', at: clock.wallTime(), sha256: null, ...line },
    ]);
  });

  it('is recorded with the key that was not enough', async () => {
    note(ofKey('0123456789ab'));
    await expect(recorded()).resolves.toMatchObject([{ actor: '0123456789ab', outcome: 'FORBIDDEN' }]);
  });

  it('of a call is recorded with its route and a request id, which the answer has', async () => {
    const request = httpRequest({ url: '/INVOKE/hello/path?token=hush' });
    const response = noteOf(request, denied);
    await expect(recorded()).resolves.toMatchObject([{ target: 'GET /invoke/:name', requestId: 'r-1' }]);
    expect(response.getHeader('X-Request-Id')).toBe('r-1');
  });

  it('is logged only so often, and the log says how many were suppressed', async () => {
    note(...crowd(10));
    expect(log.messagesAt('warn')).toHaveLength(3);
    await expect(recorded()).resolves.toHaveLength(2);
    log.lines.splice(0);
    clock.advance(20_000);
    note(...crowd(2));
    clock.advance(20_000);
    note(denied);
    expect(log.lines.map(({ fields }) => fields)).toMatchObject([{ suppressed: 7 }, { suppressed: 1 }]);
    log.lines.splice(0);
    await expect(recorded()).resolves.toHaveLength(2);
    clock.advance(1_800_000);
    note({ ...denied, address: '192.0.2.99' });
    await expect(recorded()).resolves.toHaveLength(3);
    expect(log.lines).toMatchObject([
      { message: 'a request was denied' },
      { fields: { of: 'stranger', suppressed: 11 }, message: expect.stringContaining('audit log') as string },
    ]);
  });

  it('of a key is logged however many strangers were turned away', async () => {
    note(...crowd(1000), ofKey('0123456789ab'));
    expect(log.lines.at(-1)?.fields).toMatchObject({ actor: '0123456789ab' });
    expect(log.lines.at(-1)?.fields).not.toHaveProperty('suppressed');
    expect((await recorded()).map(({ actor }) => actor)).toEqual(['nobody', 'nobody', '0123456789ab']);
  });

  it.each([
    ['key', [...Array.from({ length: 10 }, () => ofKey('greedy')), ofKey('other')]],
    ['address', [...Array.from({ length: 10 }, () => denied), { ...denied, address: '192.0.2.8' }]],
  ])('leaves room to others where one %s is turned away over and over', async (_, all: Denial[]) => {
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
    note(denied);
    await failed.catch(() => undefined);
    expect(log.messagesAt('error')).toEqual(['a denial could not be recorded']);
  });
});

describe('denials that the audit log leaves out', () => {
  it('are counted, those of strangers and of keys apart', () => {
    note(...crowd(5), ofKey('k-1'), ofKey('k-1'), ofKey('k-1'));
    expect(unaudited.byKind).toEqual({ stranger: 3, key: 2 });
  });
});

import { cpus } from 'node:os';
import type { FunctionSettings } from '../functions/function.js';
import { builtInDefaults, completeSettings } from '../functions/settings/default-settings.js';
import { effectiveSettings } from '../functions/settings/function-settings.dto.js';
import { SettingsReader } from './settings.service.js';

const verifier = { keptShare: { containers: 64, memoryMiB: 1_048_576 } };
/** Hosts that the server has itself. */
const anyHost = {
  problemOf: (host: string) => (host.startsWith('own.') ? `hosts must not contain ${host}` : undefined),
  isChosen: (host: string) => host.startsWith('taken.'),
};
const reader = new SettingsReader({ ...builtInDefaults, largestMemoryMiB: 1024 }, verifier, anyHost);
const read = (settings: unknown) =>
  reader.patched(undefined, JSON.parse(JSON.stringify(settings)) as unknown);
const patch = (current: FunctionSettings, changes: unknown) => reader.patched(current, changes);

const refusal = (field: string) =>
  expect.objectContaining({
    code: 'INVALID_SETTINGS',
    details: expect.objectContaining({ field }) as object,
  }) as Error;

describe('the settings of a deployment', () => {
  it('are the defaults when nothing is given, or null, which restores them', () => {
    const defaults = {
      description: '',
      handler: 'index.handler',
      environment: {},
      runtime: 'nodejs24.x',
      responseFormat: 'simple',
      timeoutSeconds: 30,
      memoryMiB: 128,
      cpuMillis: 1000,
      tmpMiB: 64,
      isolation: 'fresh',
      sandbox: 'container',
      minContainers: 0,
      maxContainers: 4,
      maxConcurrency: 16,
      idleTimeoutSeconds: 300,
      egress: [],
      build: 'auto',
      installScripts: false,
      access: 'key',
      rateLimit: { perAddress: 0, total: 0 },
      cors: null,
      hosts: [],
      retry: { maxAttempts: 3, maxAgeSeconds: 21_600 },
      onSuccess: null,
      onFailure: null,
      maxQueuedEvents: 10_000,
      idempotency: false,
      schedules: {},
      chosen: {},
    };
    expect(read({})).toEqual(defaults);
    expect(read({ isolation: null, environment: null, cors: null, retry: null, schedules: null })).toEqual(
      defaults,
    );
  });

  it('are what is given, and the rest is filled in', () => {
    const given = { isolation: 'warm', maxContainers: 64, environment: { A: 'ü' } };
    expect(read(given)).toEqual({ ...completeSettings({}), ...given, maxConcurrency: 64, chosen: given });
  });

  it.each<object>([
    { minContainers: 0 },
    { minContainers: 64, maxContainers: 64 },
    { maxContainers: 1 },
    { sandbox: 'gvisor' },
    { maxConcurrency: 0 },
    { maxConcurrency: 4096 },
    { idleTimeoutSeconds: 1 },
    { idleTimeoutSeconds: 86_400 },
    { timeoutSeconds: 1 },
    { timeoutSeconds: 900 },
    { memoryMiB: 64 },
    { memoryMiB: 1024 },
    { cpuMillis: 10 },
    { cpuMillis: cpus().length * 1000 },
    { tmpMiB: 1 },
    { tmpMiB: 128 },
    { tmpMiB: 1024, memoryMiB: 1024 },
    { description: 'Grüße 👋'.padEnd(256) },
    { handler: 'index.default' },
    { handler: 'dist/app.v2.handle_$1' },
    { handler: `${'a'.repeat(120)}.handler` },
    { runtime: 'nodejs22.x' },
    { runtime: 'nodejs26.x' },
    { responseFormat: 'lambda' },
    { environment: { ['A'.repeat(128)]: '' } },
    { environment: { constructor: 'a', toString: 'b', _: 'c\nd' } },
    { environment: { A: 'x'.repeat(16 * 1024 - 1) } },
    { environment: Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`A${index}`, ''])) },
    { egress: ['api.example.com:443', 'public'] },
    { access: 'public' },
    { rateLimit: { perAddress: 1_000_000, total: 1_000_000 } },
    { hosts: ['shop.example.com', 'xn--bcher-kva.example'] },
    { hosts: Array.from({ length: 20 }, (_, index) => `h${index}.example.com`) },
    { retry: { maxAttempts: 1, maxAgeSeconds: 1 } },
    { retry: { maxAttempts: 10, maxAgeSeconds: 604_800 } },
    { onSuccess: 'report', onFailure: 'A'.padEnd(64, '_') },
    { maxQueuedEvents: 0 },
    { maxQueuedEvents: 10_000_000 },
    { idempotency: true },
    {
      schedules: {
        nightly: { cron: '0 3 * * *', timeZone: 'Europe/Berlin', payload: [null], enabled: false },
      },
    },
  ])('may be at their limits: %j', (settings) => {
    expect(read(settings)).toMatchObject(settings);
  });

  it.each<[string, object]>([
    ['isolation', { isolation: 'cold' }],
    ['isolation', { isolation: ['warm'] }],
    ['sandbox', { sandbox: 'runsc' }],
    ['sandbox', { sandbox: true }],
    ['minContainers', { minContainers: -1 }],
    ['minContainers', { minContainers: 65 }],
    ['minContainers', { minContainers: '2' }],
    ['minContainers', { minContainers: 1.5 }],
    ['minContainers', { minContainers: true }],
    ['maxContainers', { maxContainers: 0 }],
    ['maxContainers', { maxContainers: 65 }],
    ['maxContainers', { minContainers: 5 }],
    ['maxConcurrency', { maxConcurrency: -1 }],
    ['maxConcurrency', { maxConcurrency: 4097 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 0 }],
    ['idleTimeoutSeconds', { idleTimeoutSeconds: 86_401 }],
    ['timeoutSeconds', { timeoutSeconds: 0 }],
    ['timeoutSeconds', { timeoutSeconds: 901 }],
    ['timeoutSeconds', { timeoutSeconds: '30' }],
    ['memoryMiB', { memoryMiB: 63 }],
    ['memoryMiB', { memoryMiB: 1025 }],
    ['memoryMiB', { memoryMiB: 2 ** 40 }],
    ['cpuMillis', { cpuMillis: 9 }],
    ['cpuMillis', { cpuMillis: cpus().length * 1000 + 1 }],
    ['tmpMiB', { tmpMiB: 0 }],
    ['tmpMiB', { tmpMiB: 129 }],
    ['tmpMiB', { tmpMiB: 512, memoryMiB: 256 }],
    ['description', { description: 'x'.repeat(257) }],
    ['description', { description: 'two\nlines' }],
    ['description', { description: '\ud800' }],
    ['description', { description: 7 }],
    ['handler', { handler: 'handler' }],
    ['handler', { handler: '' }],
    ['handler', { handler: '.handler' }],
    ['handler', { handler: 'index.' }],
    ['handler', { handler: '../index.handler' }],
    ['handler', { handler: 'a/../index.handler' }],
    ['handler', { handler: '/index.handler' }],
    ['handler', { handler: 'a//index.handler' }],
    ['handler', { handler: 'index.han dler' }],
    ['handler', { handler: 'index.handler\n' }],
    ['handler', { handler: `${'a'.repeat(121)}.handler` }],
    ['runtime', { runtime: 'nodejs20.x' }],
    ['runtime', { runtime: 'NODEJS22.X' }],
    ['runtime', { runtime: 22 }],
    ['runtime', { runtime: '__proto__' }],
    ['responseFormat', { responseFormat: 'json' }],
    ['environment', { environment: [] }],
    ['environment', { environment: 'A=b' }],
    ['environment', { environment: { A: 1 } }],
    ['environment', { environment: { '': 'a' } }],
    ['environment', { environment: { '1A': 'a' } }],
    ['environment', { environment: { 'A=B': 'a' } }],
    ['environment', { environment: { A: 'a\0b' } }],
    ['environment', { environment: { A: '\udc00' } }],
    ['environment', { environment: { GLAMBDAR_TOKEN: 'a' } }],
    ['environment', { environment: { NODE_OPTIONS: '--inspect' } }],
    ['environment', { environment: { LD_PRELOAD: 'x.so' } }],
    ['environment', { environment: { LD_AUDIT: 'x.so' } }],
    ['environment', { environment: { ['A'.repeat(129)]: '' } }],
    ['environment', { environment: { A: 'x'.repeat(16 * 1024) } }],
    ['environment', { environment: { A: 'ü'.repeat(8 * 1024) } }],
    [
      'environment',
      { environment: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`A${index}`, ''])) },
    ],
    ['egress', { egress: 'public' }],
    ['egress', { egress: [''] }],
    ['egress', { egress: [1] }],
    ['egress', { egress: [undefined] }],
    ['egress', { egress: ['api.example.com:443', 'https://example.com'] }],
    ['egress', { egress: ['*.com'] }],
    ['egress', { egress: Array<string>(101).fill('public') }],
    ['access', { access: 'everybody' }],
    ['rateLimit', { rateLimit: 30 }],
    ['rateLimit', { rateLimit: [] }],
    ['rateLimit', { rateLimit: { perAddress: -1 } }],
    ['rateLimit', { rateLimit: { perAddress: 1_000_001 } }],
    ['rateLimit', { rateLimit: { total: 0.5 } }],
    ['rateLimit', { rateLimit: { burst: 1 } }],
    ['cors', { cors: true }],
    ['cors', { cors: { origins: ['*'], credentials: true } }],
    ['cors', { cors: { exposedHeaders: ['*'], credentials: true } }],
    ['cors', { cors: { constructor: 1 } }],
    ['hosts', { hosts: 'shop.example.com' }],
    ['retry', { retry: { maxAttempts: 0 } }],
    ['retry', { retry: { maxAttempts: 11 } }],
    ['retry', { retry: { maxAgeSeconds: 0 } }],
    ['retry', { retry: { maxAgeSeconds: 604_801 } }],
    ['onSuccess', { onSuccess: '' }],
    ['onSuccess', { onSuccess: '../x' }],
    ['onFailure', { onFailure: 'a'.repeat(65) }],
    ['maxQueuedEvents', { maxQueuedEvents: -1 }],
    ['maxQueuedEvents', { maxQueuedEvents: 10_000_001 }],
    ['idempotency', { idempotency: 'true' }],
    ['schedules', { schedules: [] }],
    ['schedules', { schedules: { 'a b': { every: '10m' } } }],
    ['schedules', { schedules: { nightly: { cron: '* * *' } } }],
    ['timeout', { timeout: 3 }],
    ['chosen', { chosen: {} }],
    ['constructor', { constructor: { prototype: {} } }],
    ['toString', { toString: 1 }],
  ])('are refused for %s, naming it: %j', (field, settings) => {
    expect(() => read(settings)).toThrow(refusal(field));
  });

  it.each([
    [{ maxContainers: 0 }, 'maxContainers must be a whole number from 1 to 64.'],
    [{ environment: { A: 1 } }, 'environment.A must be text.'],
    [{ rateLimit: { total: '5' } }, 'rateLimit.total must be a whole number from 0 to 1000000.'],
    [{ rateLimit: { burst: 5 } }, 'There is no field "rateLimit.burst"; use perAddress or total.'],
    [{ cors: 'x' }, 'cors must be one JSON object.'],
    [
      { cors: { origins: ['example.com'] } },
      'each entry of cors.origins must be * or an origin such as https://app.example.com, without a path, unlike "example.com".',
    ],
    [{ memoryMiB: 2000 }, 'memoryMiB must not be greater than 1024 on this server.'],
  ])('are refused in a sentence: %j', (settings, sentence) => {
    expect(() => read(settings)).toThrow(sentence);
  });

  it.each([[null], [[]], ['warm'], [3]])('are refused as %j, which is no object', (settings) => {
    expect(() => read(settings)).toThrow(/must be one JSON object/);
  });

  it('limit the calls of a public function unless they say otherwise', () => {
    expect(read({ access: 'public' })).toMatchObject({ rateLimit: { perAddress: 30, total: 0 } });
    expect(read({ access: 'public', rateLimit: { perAddress: 0 } })).toMatchObject({
      rateLimit: { perAddress: 0, total: 0 },
    });
    expect(read({ access: 'public', rateLimit: { total: 9 } })).toMatchObject({
      rateLimit: { perAddress: 30, total: 9 },
    });
  });

  it('fill in what is not said of the pages that may call', () => {
    expect(read({ cors: { origins: ['https://app.example.com'] } }).cors).toEqual({
      origins: ['https://app.example.com'],
      methods: ['*'],
      headers: ['*'],
      exposedHeaders: [],
      credentials: false,
      maxAgeSeconds: 0,
    });
  });

  it.each(['{"__proto__":{"isolation":"warm"}}', '{"environment":{"__proto__":"a"}}'])(
    'do not reach for the prototype: %s',
    (text) => {
      expect(() => reader.patched(undefined, JSON.parse(text) as unknown)).toThrow(/__proto__/);
    },
  );
});

describe('a patch of the settings', () => {
  const current = completeSettings({ memoryMiB: 256, isolation: 'warm', environment: { A: '1', B: '2' } });

  it('changes what it names and keeps the rest', () => {
    const chosen = { ...current.chosen, timeoutSeconds: 5 };
    expect(patch(current, { timeoutSeconds: 5 })).toEqual({ ...current, timeoutSeconds: 5, chosen });
  });

  it('restores a default with null, and the default is the server’s own', () => {
    const restored = patch(current, { memoryMiB: null });
    expect(restored).toMatchObject({ memoryMiB: 128, isolation: 'warm' });
    expect(restored.chosen).not.toHaveProperty('memoryMiB');
    const elsewhere = new SettingsReader({ ...builtInDefaults, memoryMiB: 512 }, verifier, anyHost);
    expect(elsewhere.patched(current, { memoryMiB: null }).memoryMiB).toBe(512);
  });

  it('makes nobody choose a smaller /tmp who only chose less memory than the server’s default of it', () => {
    const elsewhere = new SettingsReader(
      { ...builtInDefaults, memoryMiB: 512, tmpMiB: 256 },
      verifier,
      anyHost,
    );
    expect(elsewhere.patched(current, { memoryMiB: 128 })).toMatchObject({ memoryMiB: 128, tmpMiB: 128 });
    expect(elsewhere.patched(current, { memoryMiB: 300 })).toMatchObject({ memoryMiB: 300, tmpMiB: 256 });
    expect(() => elsewhere.patched(current, { memoryMiB: 128, tmpMiB: 129 })).toThrow(refusal('tmpMiB'));
  });

  it('changes, adds and takes away single variables', () => {
    const { environment } = patch(current, { environment: { A: 'new', B: null, C: '3' } });
    expect(environment).toEqual({ A: 'new', C: '3' });
    expect(patch(current, { environment: null }).environment).toEqual({});
  });

  it('changes, and gives back, single members of a rule', () => {
    const tried = patch(current, { retry: { maxAttempts: 5, maxAgeSeconds: 60 } });
    expect(patch(tried, { retry: { maxAttempts: null } })).toMatchObject({
      retry: { maxAttempts: 3, maxAgeSeconds: 60 },
      chosen: { retry: { maxAgeSeconds: 60 } },
    });
    const open = patch(current, { cors: { origins: ['*'], maxAgeSeconds: 5 } });
    expect(patch(open, { cors: { maxAgeSeconds: null } }).cors).toMatchObject({
      origins: ['*'],
      maxAgeSeconds: 0,
    });
    expect(patch(open, { cors: null }).cors).toBeNull();
    expect(patch(tried, { retry: null })).toEqual(current);
  });

  it('sets a schedule as a whole', () => {
    const scheduled = patch(current, {
      schedules: { a: { cron: '0 3 * * *', timeZone: 'UTC' }, b: { every: '1h' } },
    });
    expect(patch(scheduled, { schedules: { a: { every: '10m' } } }).schedules).toEqual({
      a: { every: '10m' },
      b: { every: '1h' },
    });
    expect(patch(scheduled, { schedules: { a: null } }).schedules).toEqual({ b: { every: '1h' } });
    expect(() => patch(scheduled, { schedules: { a: { cron: null, every: '10m' } } })).toThrow(
      'schedules.a.cron must be a cron expression',
    );
  });

  it('takes JSON’s -0 for the zero that it is', () => {
    const unlimited = patch(current, { rateLimit: { total: 0 } });
    expect(patch(unlimited, { rateLimit: { total: -0 } })).toEqual(unlimited);
  });

  it('replaces a list as a whole', () => {
    const open = patch(current, { egress: ['a:1', 'b:2'] });
    expect(patch(open, { egress: ['c:3'] }).egress).toEqual(['c:3']);
  });

  it('may be what was shown, and then changes nothing that is in force', () => {
    const shown = effectiveSettings(current);
    expect(patch(current, shown)).toMatchObject(shown);
  });

  it('that is empty changes nothing', () => {
    expect(patch(current, {})).toEqual(current);
  });

  it.each<[string, unknown]>([
    ['settings', null],
    ['settings', []],
    ['settings', 'warm'],
    ['nothing', { nothing: null }],
    ['tmpMiB', { tmpMiB: 300 }],
    ['minContainers', { minContainers: {} }],
    ['environment', { environment: { A: 1 } }],
    ['environment', { environment: { GLAMBDAR_X: 'a' } }],
  ])('is refused for %s, naming it: %j', (field, changes) => {
    expect(() => patch(current, changes)).toThrow(refusal(field));
  });
});

describe('hosts', () => {
  it('must not be the server’s own', () => {
    expect(() => read({ hosts: ['shop.example.com', 'own.example.com'] })).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTINGS',
        details: expect.objectContaining({ field: 'hosts' }) as object,
        message: expect.stringContaining('own.example.com') as string,
      }) as Error,
    );
  });

  it('must not be another function’s, and may be what the function has already', () => {
    const taken = { code: 'HOST_TAKEN', details: { field: 'hosts' } };
    const refused = expect.objectContaining(taken) as Error;
    expect(() => read({ hosts: ['shop.example.com', 'taken.example.com'] })).toThrow(refused);
    const current = completeSettings({ hosts: ['taken.example.com'] });
    expect(patch(current, { maxConcurrency: 1 }).hosts).toEqual(['taken.example.com']);
    expect(() => patch(current, { hosts: ['taken.example.com', 'taken.example.org'] })).toThrow(refused);
  });

  it('that became the server’s own hold up no change of something else', () => {
    const current = completeSettings({ hosts: ['own.example.com'] });
    expect(patch(current, { maxConcurrency: 1 }).hosts).toEqual(['own.example.com']);
    expect(() => patch(current, { hosts: ['own.example.com', 'own.example.org'] })).toThrow(
      'own.example.org',
    );
    expect(patch(current, { hosts: [] }).hosts).toEqual([]);
  });
});

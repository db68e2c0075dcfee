import { deployedFunction } from '../../test/support/builders/functions.js';
import type { ChosenSettings } from '../functions/function.js';
import {
  type Attention,
  attentionCodes,
  functionAttention,
  type FunctionFacts,
  mostSevereFirst,
  serverAttention,
  type ServerHealth,
} from './attention.js';
import { type CountedCall } from './series/call-ring.js';
import { CallSeries } from './series/call-series.js';

const nowMs = Date.parse('2026-01-31T12:00:00Z');

/** Calls of the last minutes: so many, of which so many failed or were refused. */
function recentCalls({ calls = 0, functionErrors = 0, refused = 0 }) {
  const series = new CallSeries();
  const call: CountedCall = { atMs: nowMs, fault: undefined, bucket: undefined };
  for (let index = 0; index < calls; index += 1)
    series.count({ ...call, fault: index < functionErrors ? 'function' : undefined }, index < refused);
  return series.lately(5, nowMs);
}

const healthy: ServerHealth = {
  isEngineUp: true,
  missingImages: [],
  disk: { freeBytes: 1e12 },
  reservedDiskMiB: 256,
  isStoreUp: true,
  isOpenToOthers: false,
  recent: recentCalls({}),
  lostRecords: 0,
  leakedContainers: 0,
};

const ofServer = (health: Partial<ServerHealth>) => serverAttention({ ...healthy, ...health });

interface Given extends Partial<Omit<FunctionFacts, 'deployed'>> {
  readonly settings?: ChosenSettings;
  readonly loadFailure?: string;
}

const ofFunction = ({ settings = {}, loadFailure, ...facts }: Given) =>
  functionAttention({
    deployed: deployedFunction({ name: 'hello', settings, loadFailure: loadFailure ?? null }),
    isBroken: false,
    recent: undefined,
    lacksContainers: false,
    events: undefined,
    nowMs: 1_000_000,
    ...facts,
  });

const noEvents = { queued: 0, running: 0, dead: 0, nextDueMs: null };
/** Due for five minutes. */
const stuck = { ...noEvents, queued: 7, nextDueMs: 700_000 };

const codesOf = (attention: readonly Attention[]) => attention.map(({ code }) => code);

describe('what needs attention', () => {
  it('is nothing while all is well', () => {
    expect(ofServer({})).toEqual([]);
    expect(ofFunction({ recent: recentCalls({ calls: 100, functionErrors: 4, refused: 4 }) })).toEqual([]);
    expect(ofFunction({ events: { ...stuck, running: 1 } })).toEqual([]);
    expect(ofFunction({ events: { ...stuck, nextDueMs: 700_001 } })).toEqual([]);
  });

  it.each<[Partial<ServerHealth>, string, RegExp]>([
    [{ isEngineUp: false }, 'error ENGINE_DOWN', /start it/],
    [{ missingImages: ['nodejs22.x'] }, 'error IMAGE_MISSING', /node scripts\/image\.mjs nodejs22\.x/],
    [{ disk: { freeBytes: 100 * 1024 * 1024 } }, 'error DISK_LOW', /^Only 100 MiB .* 256 MiB .*free some/],
    [{ isStoreUp: false }, 'error STORE_FAILING', /log/],
    [{ isOpenToOthers: true }, 'error NO_KEY', /npm run keys -- create/],
    [{ recent: recentCalls({ calls: 9, refused: 5 }) }, 'warning SERVER_OVERLOADED', /^5 calls .*GLAMBDAR_/],
    [{ lostRecords: 3 }, 'warning RECORDS_LOST', /^3 log lines .*GLAMBDAR_RECORDS_QUEUE_BYTES/],
    [{ leakedContainers: 2 }, 'warning CONTAINERS_LEFT', /2 containers/],
  ])('is of the server, with what to do: %j', (health, expected, message) => {
    const [found, ...more] = ofServer(health);
    expect([`${found?.severity ?? ''} ${found?.code ?? ''}`, more]).toEqual([expected, []]);
    expect(found?.message).toMatch(message);
    expect(found?.functionName).toBeNull();
  });

  it.each<[Given, string, RegExp]>([
    [{ isBroken: true }, 'error FUNCTION_BROKEN', /publish it again/],
    [
      { loadFailure: 'Error: secret of its author' },
      'error FUNCTION_FAILING',
      /publish a version that loads/,
    ],
    [
      { recent: recentCalls({ calls: 50, functionErrors: 5 }) },
      'warning FUNCTION_ERRORS',
      /^5 of 50 calls of hello .*log/,
    ],
    [{ recent: recentCalls({ calls: 5, refused: 5 }) }, 'warning FUNCTION_REFUSES', /maxConcurrency \(16\)/],
    [
      { recent: recentCalls({ calls: 5, refused: 5 }), settings: { maxConcurrency: 0 } },
      'warning FUNCTION_REFUSES',
      /refuses every call/,
    ],
    [{ lacksContainers: true, settings: { minContainers: 2 } }, 'warning POOL_NOT_FILLED', /2 containers/],
    [{ events: { ...noEvents, dead: 3 } }, 'warning EVENTS_DEAD', /^3 events of hello .*delete them/],
    [{ events: stuck }, 'warning EVENTS_STUCK', /^7 events of hello .*GLAMBDAR_EVENTS_PERCENT/],
    [{ events: stuck, settings: { maxConcurrency: 0 } }, 'warning EVENTS_STUCK', /maxConcurrency is 0/],
  ])('is of a function, with what to do: %j', (facts, expected, message) => {
    const [found, ...more] = ofFunction(facts);
    expect([`${found?.severity ?? ''} ${found?.code ?? ''}`, more]).toEqual([expected, []]);
    expect(found?.message).toMatch(message);
    expect(found?.message).not.toContain('secret');
    expect(found?.functionName).toBe('hello');
  });

  it('is not told of images while the engine is down, nor of a disk that cannot be read', () => {
    expect(codesOf(ofServer({ isEngineUp: false, missingImages: ['nodejs24.x'] }))).toEqual(['ENGINE_DOWN']);
    expect(ofServer({ disk: null })).toEqual([]);
  });

  it('is of a broken function that its code is missing, not that it does not load', () => {
    expect(codesOf(ofFunction({ isBroken: true, loadFailure: 'Error' }))).toEqual(['FUNCTION_BROKEN']);
  });

  it('has errors first, and the order of what is equally severe', () => {
    const all = [
      ...ofFunction({ recent: recentCalls({ calls: 5, functionErrors: 5 }) }),
      ...ofServer({ lostRecords: 1, isStoreUp: false, isEngineUp: false }),
    ];
    expect(codesOf(mostSevereFirst(all))).toEqual([
      'ENGINE_DOWN',
      'STORE_FAILING',
      'FUNCTION_ERRORS',
      'RECORDS_LOST',
    ]);
  });

  it('has sentences that end, in plain words, for every code', () => {
    const everything = [
      ...ofServer({
        isEngineUp: false,
        disk: { freeBytes: 0 },
        isStoreUp: false,
        isOpenToOthers: true,
        recent: recentCalls({ calls: 9, refused: 9 }),
        lostRecords: 1,
        leakedContainers: 1,
      }),
      ...ofServer({ missingImages: ['nodejs24.x'] }),
      ...ofFunction({ isBroken: true }),
      ...ofFunction({
        loadFailure: 'Error',
        recent: recentCalls({ calls: 9, functionErrors: 9, refused: 9 }),
        lacksContainers: true,
        events: { ...stuck, dead: 1 },
      }),
    ];
    expect(codesOf(everything).toSorted()).toEqual(attentionCodes.toSorted());
    for (const { message } of everything) expect(message).toMatch(/^[A-Za-z0-9].*\.$/s);
  });
});

import { readQuery } from '../../common/input/query-fields.js';
import { parseLastEventId } from '../../common/connection/server-sent-event.js';
import { lineFilterOf, LogQuery } from './log-query.js';

const nowMs = Date.UTC(2026, 0, 31, 12);
const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';

const filterOf = (query: Readonly<Record<string, unknown>>) =>
  lineFilterOf(readQuery(LogQuery, query), nowMs);

describe('the query for lines', () => {
  it('asks for the newest hundred of everything where it says nothing', () => {
    expect(filterOf({})).toEqual({ limit: 100 });
    expect(readQuery(LogQuery, {}).follow).toBe(false);
  });

  it('is read field by field', () => {
    const query = {
      invocation: id,
      since: '2026-01-31T12:00:00Z',
      until: '2026-01-31T13:00:00.5+01:00',
      level: 'warn',
      contains: '100% _x',
      limit: '7',
      before: '12',
      follow: 'false',
    };
    expect(filterOf(query)).toEqual({
      invocationId: id,
      sinceMs: Date.UTC(2026, 0, 31, 12),
      untilMs: Date.UTC(2026, 0, 31, 12, 0, 0, 500),
      levels: ['warn', 'error'],
      contains: '100% _x',
      limit: 7,
      before: 12,
    });
  });

  it.each([
    ['invocation', { invocation: "' OR 1=1" }],
    ['since', { since: 'yesterday' }],
    ['since', { since: '5' }],
    ['since', { since: '5w' }],
    ['since', { since: '-5m' }],
    ['since', { since: '1h30m' }],
    ['since', { since: '1000000d' }],
    ['since', { since: ['5m', '6m'] }],
    ['contains', { contains: '' }],
    ['contains', { contains: 'x'.repeat(257) }],
    ['contains', { contains: ['a', 'b'] }],
    ['since', { since: '2026-01-31T12:00:00' }],
    ['until', { until: '2026-13-31T12:00:00Z' }],
    ['level', { level: 'fatal' }],
    ['limit', { limit: '0' }],
    ['limit', { limit: '1001' }],
    ['limit', { limit: '1e2' }],
    ['limit', { limit: ['1', '2'] }],
    ['before', { before: '-1' }],
    ['before', { before: '9007199254740993' }],
    ['follow', { follow: 'yes' }],
    ['until', { follow: 'true', until: '2026-01-31T12:00:00Z' }],
    ['before', { follow: 'true', before: '1' }],
    ['limt', { limt: '1' }],
  ])('is refused, naming %s, where it says %j', (field, query) => {
    expect(() => filterOf(query)).toThrow(
      expect.objectContaining({
        code: 'MALFORMED_REQUEST',
        details: expect.objectContaining({ field }) as object,
      }) as Error,
    );
  });

  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('takes a span of time for how long ago: %s', (since, agoMs) => {
    expect(filterOf({ since, until: since })).toMatchObject({
      sinceMs: nowMs - agoMs,
      untilMs: nowMs - agoMs,
    });
  });

  it('says which times and spans it takes', () => {
    expect(() => filterOf({ since: '5 minutes' })).toThrow(
      'since must be a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d.',
    );
  });

  it('goes on after the last event that the client has seen', () => {
    expect(parseLastEventId(undefined)).toBeUndefined();
    expect(parseLastEventId('12')).toBe(12);
    // The numbers of lines begin with the time in microseconds.
    expect(parseLastEventId('1795000000000000')).toBe(1_795_000_000_000_000);
    expect(() => parseLastEventId('twelve')).toThrow(/Last-Event-ID/);
  });
});

import { parseLastEventId, parseLogQuery } from './logs/log-query.js';

const nowMs = Date.UTC(2026, 0, 31, 12);
const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';

describe('the query for lines', () => {
  it('asks for the newest hundred of everything where it says nothing', () => {
    expect(parseLogQuery({}, nowMs)).toEqual({ filter: { limit: 100 }, follow: false });
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
    expect(parseLogQuery(query, nowMs).filter).toEqual({
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
    ['limit', { limit: ['1', '2'] }],
    ['before', { before: '-1' }],
    ['follow', { follow: 'yes' }],
    ['until', { follow: 'true', until: '2026-01-31T12:00:00Z' }],
    ['before', { follow: 'true', before: '1' }],
    ['query', { limt: '1' }],
  ])('is refused, naming %s, where it says %j', (field, query) => {
    expect(() => parseLogQuery(query, nowMs)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_REQUEST', details: { field } }) as Error,
    );
  });

  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['0s', 0],
  ])('takes a span of time for how long ago: %s', (since, agoMs) => {
    expect(parseLogQuery({ since, until: since }, nowMs).filter).toMatchObject({
      sinceMs: nowMs - agoMs,
      untilMs: nowMs - agoMs,
    });
  });

  it('says which times and spans it takes', () => {
    expect(() => parseLogQuery({ since: '5 minutes' }, nowMs)).toThrow(
      'since must be a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d, given once.',
    );
  });

  it('goes on after the last event that the client has seen', () => {
    expect(parseLastEventId(undefined)).toBeUndefined();
    expect(parseLastEventId('12')).toBe(12);
    expect(() => parseLastEventId('twelve')).toThrow(/Last-Event-ID/);
  });
});

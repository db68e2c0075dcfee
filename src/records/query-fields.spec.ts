import { parseLastEventId, parseLogQuery } from './logs/log-query.js';

const id = '5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a';

describe('the query for lines', () => {
  it('asks for the newest hundred of everything where it says nothing', () => {
    expect(parseLogQuery({})).toEqual({ filter: { limit: 100 }, follow: false });
  });

  it('is read field by field', () => {
    const query = {
      invocation: id,
      since: '2026-01-31T12:00:00Z',
      until: '2026-01-31T13:00:00.5+01:00',
      level: 'warn',
      limit: '7',
      before: '12',
      follow: 'false',
    };
    expect(parseLogQuery(query).filter).toEqual({
      invocationId: id,
      sinceMs: Date.UTC(2026, 0, 31, 12),
      untilMs: Date.UTC(2026, 0, 31, 12, 0, 0, 500),
      levels: ['warn', 'error'],
      limit: 7,
      before: 12,
    });
  });

  it.each([
    ['invocation', { invocation: "' OR 1=1" }],
    ['since', { since: 'yesterday' }],
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
    expect(() => parseLogQuery(query)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_REQUEST', details: { field } }) as Error,
    );
  });

  it('goes on after the last event that the client has seen', () => {
    expect(parseLastEventId(undefined)).toBeUndefined();
    expect(parseLastEventId('12')).toBe(12);
    expect(() => parseLastEventId('twelve')).toThrow(/Last-Event-ID/);
  });
});

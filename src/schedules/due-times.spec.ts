import { dueTimesOf, upcoming } from './due-times.js';
import { cronTimesByHand } from '../../test/fakes/cron-by-hand.js';

const at = (text: string) => Date.parse(text);
const iso = (times: readonly number[]) => times.map((ms) => new Date(ms).toISOString());
const next = (cron: string, timeZone: string, after: string, count = 3) =>
  iso(upcoming({ cron, timeZone }, 0, at(after), count));

describe('the times of an interval', () => {
  const times = dueTimesOf({ every: '10m' }, 1_000);

  it('count from when the schedule began', () => {
    expect([times.after(0), times.after(1_000), times.after(601_000), times.after(601_001)]).toEqual([
      601_000, 601_000, 1_201_000, 1_201_000,
    ]);
    expect(upcoming({ every: '1s' }, 500, 500, 3)).toEqual([1500, 2500, 3500]);
  });

  it('are known backwards, and there is none before the first', () => {
    expect([times.latestAt(600_999), times.latestAt(601_000), times.latestAt(1_300_000)]).toEqual([
      undefined,
      601_000,
      1_201_000,
    ]);
  });
});

describe('the times of an expression', () => {
  it('are later than the time asked for, to the millisecond', () => {
    const times = dueTimesOf({ cron: '* * * * * *' }, 0);
    expect([times.after(1_000), times.after(1_001), times.after(999)]).toEqual([2_000, 2_000, 1_000]);
    expect([times.latestAt(1_000), times.latestAt(1_999), times.latestAt(999)]).toEqual([1_000, 1_000, 0]);
  });

  it('are those of its time zone, half hours included', () => {
    expect(next('0 3 * * *', 'Asia/Kolkata', '2026-01-01T00:00:00Z', 1)).toEqual([
      '2026-01-01T21:30:00.000Z',
    ]);
    expect(next('0 3 * * *', 'UTC', '2026-01-01T00:00:00Z', 1)).toEqual(['2026-01-01T03:00:00.000Z']);
  });

  it('come once at the fixed time that a change of the clocks leaves out, at the end of the gap', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ]);
  });

  it('come once at the fixed time that a change of the clocks repeats, at the first', () => {
    expect(next('30 2 * * *', 'Europe/Berlin', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ]);
  });

  it('go on evenly through both changes where they repeat all day', () => {
    const hours = (after: string) => next('0 * * * *', 'Europe/Berlin', after, 4);
    expect(hours('2026-03-28T23:30:00Z')).toEqual(
      [0, 1, 2, 3].map((hour) => `2026-03-29T0${hour}:00:00.000Z`),
    );
    expect(hours('2026-10-24T23:30:00Z')).toEqual(
      [0, 1, 2, 3].map((hour) => `2026-10-25T0${hour}:00:00.000Z`),
    );
  });

  it('leap years and ends of months included, or none at all', () => {
    expect(next('0 0 29 2 *', 'UTC', '2026-01-01T00:00:00Z', 2)).toEqual([
      '2028-02-29T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
    expect(next('0 0 L * *', 'UTC', '2026-01-31T12:00:00Z', 2)).toEqual([
      '2026-02-28T00:00:00.000Z',
      '2026-03-31T00:00:00.000Z',
    ]);
    expect(next('0 0 30 2 *', 'UTC', '2026-01-01T00:00:00Z')).toEqual([]);
  });
});

/** The same numbers in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Each with both changes of its clocks in 2026, if it has any. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Africa/Casablanca',
];

describe('against a second implementation, which looks at every minute', () => {
  const random = numbers(2026);
  const below = (limit: number) => Math.floor(random.next().value * limit);
  const pick = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  const part = (low: number, high: number) => {
    const value = low + below(high - low + 1);
    const to = value + below(high - value + 1);
    return pick([
      '*',
      '*',
      `${value}`,
      `${value}-${to}`,
      `*/${1 + below(Math.min(12, high - low))}`,
      `${value}-${to}/${1 + below(5)}`,
      `${low},${value},${high}`,
    ]);
  };
  const expression = () =>
    [
      part(0, 59),
      part(0, 23),
      pick(['*', '*', part(1, 31)]),
      pick(['*', part(1, 12)]),
      pick(['*', '*', part(0, 6)]),
    ].join(' ');
  const cases = zones.flatMap((zone) =>
    Array.from({ length: 10 }, (_, index) => {
      const cron = index < 3 ? `${below(60)} ${pick([1, 2, 3])} * * *` : expression();
      return [
        cron,
        zone,
        pick([
          '2026-03-07',
          '2026-03-28',
          '2026-04-04',
          '2026-10-03',
          '2026-10-24',
          '2026-10-31',
          '2026-06-30',
        ]),
      ];
    }),
  );

  it.each(cases)('%s in %s from %s', (cron = '', zone = '', day = '') => {
    const [fromMs, toMs] = [at(`${day}T00:00:00Z`), at(`${day}T00:00:00Z`) + 2 * 86_400_000];
    const times = dueTimesOf({ cron, timeZone: zone }, 0);
    const found: number[] = [];
    for (let time = times.after(fromMs - 1); time !== undefined && time < toMs; time = times.after(time))
      found.push(time);
    const expected = cronTimesByHand(cron, zone, fromMs, toMs);
    expect(iso(found)).toEqual(iso(expected));
    const backwards = found.map((time) => times.latestAt(time + 59_999));
    expect(iso(backwards.map(Number))).toEqual(iso(found));
  });
});

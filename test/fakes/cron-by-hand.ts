/** The parts of a moment that an expression speaks of. */
interface LocalMinute {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  /** Of the wall: two moments have the same where clocks are set back. */
  readonly text: string;
}

const minuteMs = 60_000;

function localMinutes(timeZone: string) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (ms: number): LocalMinute => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? NaN;
    const [year, month, day, hour, minute] = [of('year'), of('month'), of('day'), of('hour'), of('minute')];
    const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
    return { minute, hour, day, month, weekday, text: [year, month, day, hour, minute].join('-') };
  };
}

function allows(part: string, low: number, high: number): (value: number) => boolean {
  const allowed = new Set<number>();
  for (const piece of part.split(',')) {
    const [range = '', step = '1'] = piece.split('/');
    const [from, to = from] = range === '*' ? [low, high] : range.split('-').map(Number);
    for (let value = from ?? low; value <= (to ?? high); value += Number(step)) allowed.add(value);
  }
  return (value) => allowed.has(value);
}

/**
 * The moments from one to before the other at which an expression of five fields is due, found by looking at every minute. One
 * with a single minute and a single hour is a time of day: it comes once where clocks are set back, and at the end of the gap where
 * they are set forward. All others come whenever the wall shows such a time.
 */
export function cronTimesByHand(cron: string, timeZone: string, fromMs: number, toMs: number): number[] {
  const [minutes = '', hours = '', days = '', months = '', weekdays = ''] = cron.split(' ');
  const [minute, hour, day, month, weekday] = [
    allows(minutes, 0, 59),
    allows(hours, 0, 23),
    allows(days, 1, 31),
    allows(months, 1, 12),
    allows(weekdays, 0, 6),
  ];
  const isDay = (local: LocalMinute) => {
    // Where both are restricted, either is enough.
    const isEither = days !== '*' && weekdays !== '*';
    const [byDay, byWeekday] = [day(local.day), weekday(local.weekday)];
    return month(local.month) && (isEither ? byDay || byWeekday : byDay && byWeekday);
  };
  const isTimeOfDay = /^\d+ \d+ /.test(cron);
  const read = localMinutes(timeZone);
  const found: number[] = [];
  const shown = new Set<string>();
  // A time of day that was shown before may be shown again.
  let before = read(fromMs - minuteMs);
  for (let ms = fromMs - 180 * minuteMs; ms < fromMs; ms += minuteMs) shown.add(read(ms).text);
  for (let ms = fromMs; ms < toMs; ms += minuteMs) {
    const local = read(ms);
    const isRepeated = shown.has(local.text);
    shown.add(local.text);
    const isShown = isDay(local) && hour(local.hour) && minute(local.minute);
    const isSkipped =
      isTimeOfDay && isDay(local) && skipped(before, local).some(([h, m]) => hour(h) && minute(m));
    if ((isShown && !(isTimeOfDay && isRepeated)) || isSkipped) found.push(ms);
    before = local;
  }
  return found;
}

/** The times of day between two minutes that follow each other, where clocks were set forward. */
function skipped(before: LocalMinute, after: LocalMinute): [number, number][] {
  const [from, to] = [before.hour * 60 + before.minute + 1, after.hour * 60 + after.minute];
  if (before.day !== after.day || to <= from) return [];
  return Array.from({ length: to - from }, (_, index) => [
    Math.floor((from + index) / 60),
    (from + index) % 60,
  ]);
}

const steps = [
  [60, 1, 's'],
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [Infinity, 86_400, 'd'],
] as const;

/** `just now`, `12 s ago`, `3 min ago`, `in 2 h`. Clocks differ a little, so a moment ahead is now. */
export function relative(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000);
  const distance = Math.abs(seconds);
  if (seconds < 2 && seconds > -5) return 'just now';
  const [, size, unit] = steps.find(([below]) => distance < below) ?? steps[3];
  const amount = `${Math.floor(distance / size)} ${unit}`;
  return seconds < 0 ? `in ${amount}` : `${amount} ago`;
}

const full = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat('en', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const minute = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Day and time, in the reader's time zone. */
export function dateTime(at: string | number): string {
  return full.format(new Date(at));
}

/** `14:03:59` */
export function timeOfDay(at: string | number): string {
  return clock.format(new Date(at));
}

/** `14:03` */
export function hourAndMinute(at: string | number): string {
  return minute.format(new Date(at));
}

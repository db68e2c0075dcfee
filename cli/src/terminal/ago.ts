const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** How long ago it was, in the largest unit of which there is one. */
export function ago(date: Date, now: Date): string {
  const seconds = Math.round((now.getTime() - date.getTime()) / 1000);
  // A server's clock may be a little ahead.
  if (seconds < -60) return date.toISOString();
  if (seconds < 60) return 'just now';
  const [unit, length] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? units[2];
  const count = Math.floor(seconds / length);
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`;
}

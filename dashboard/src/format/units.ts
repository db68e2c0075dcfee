const number = (digits: number) => new Intl.NumberFormat('en', { maximumFractionDigits: digits });
const whole = number(0);
const tenths = number(1);

/** `12`, `1,234`, `12.3k`, `4.5M`. */
export function count(value: number): string {
  if (value < 10_000) return whole.format(value);
  return value < 1_000_000 ? `${tenths.format(value / 1000)}k` : `${tenths.format(value / 1_000_000)}M`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `1.5 KiB`, `24 MiB`. */
export function bytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 1024 && unit < byteUnits.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${rounded(size)} ${byteUnits[unit] ?? ''}`;
}

/** `0.4 ms`, `85 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${rounded(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 59.95) return `${rounded(seconds)} s`;
  if (seconds < 3600) return pair(seconds, 60, 'min', 's');
  return seconds < 86_400 ? pair(seconds / 60, 60, 'h', 'min') : pair(seconds / 3600, 24, 'd', 'h');
}

/** `0 %`, `0.3 %`, `12 %`; a trace of something is never shown as nothing. */
export function percent(part: number): string {
  const value = part * 100;
  if (value > 0 && value < 0.1) return '< 0.1 %';
  return `${rounded(value)} %`;
}

/** `1 file`, `3 files`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** One decimal below ten, none above. */
function rounded(value: number): string {
  return value < 9.95 ? tenths.format(value) : whole.format(value);
}

function pair(value: number, size: number, major: string, minor: string): string {
  const total = Math.round(value);
  const rest = total % size;
  const head = `${Math.floor(total / size)} ${major}`;
  return rest === 0 ? head : `${head} ${rest} ${minor}`;
}

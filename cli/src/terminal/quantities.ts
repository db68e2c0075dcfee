const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Three digits and a unit, such as `1.46 MiB`. */
export function bytes(count: number | null): string | null {
  if (count === null) return null;
  const step = Math.min(units.length - 1, count < 1 ? 0 : Math.floor(Math.log2(count) / 10));
  const value = count / 1024 ** step;
  const digits = step === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${units[step] ?? ''}`;
}

export function milliseconds(count: number | null): string | null {
  if (count === null) return null;
  return count < 10_000
    ? `${Number(count.toFixed(count < 10 ? 2 : 0))} ms`
    : `${(count / 1000).toFixed(1)} s`;
}

/** A time as the server writes it, for a cell. */
export function moment(iso: string | null): Date | null {
  return iso === null ? null : new Date(iso);
}

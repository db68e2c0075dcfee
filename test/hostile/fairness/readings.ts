/** How one call of the canary went, as its caller saw it. */
export interface Reading {
  readonly invocationId: string;
  /** What it sent, and so what it must find in its log. */
  readonly song: string;
  readonly tookMs: number;
  /** What was wrong with the answer; `''` when nothing was. */
  readonly error: string;
}

/** How long a share of the calls took at most, in milliseconds; NaN where there was none. */
export function tookMsAt(share: number, readings: readonly Reading[]): number {
  const sorted = readings.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
}

/** Of several rounds the one in the middle: a single stall of the machine is no verdict. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

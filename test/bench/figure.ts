/** One measured number with its unit and, where there is one, the number to reach. */

type Unit = 'ms' | 's' | 'calls/s' | 'events/s' | 'x' | 'MiB' | '';
type Target = { atMost: number } | { atLeast: number };
export interface Figure {
  /** What was measured, e.g. `median`. */
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  readonly target?: Target;
}
export interface RowResult {
  readonly figures: Figure[];
  /** Raw data, by what they are samples of. */
  readonly samples: Record<string, readonly number[]>;
  /** What else was observed: origins, statuses, the generator's load. */
  readonly facts?: Record<string, unknown>;
}

export function figure(name: string, value: number, unit: Unit, target?: Target): Figure {
  return target === undefined ? { name, value, unit } : { name, value, unit, target };
}

/** @returns undefined where there is nothing to reach; a number that is none never reaches */
export function isReached({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

export function valueText({ value, unit }: Figure) {
  return withUnit(digits(value), unit);
}

export function targetText({ target, unit }: Figure) {
  if (target === undefined) return '';
  return 'atMost' in target
    ? `at most ${withUnit(String(target.atMost), unit)}`
    : `at least ${withUnit(String(target.atLeast), unit)}`;
}

function withUnit(number: string, unit: Unit) {
  return unit === '' ? number : `${number} ${unit}`;
}

/** Three significant digits or all that stand before the point. */
function digits(value: number) {
  if (!Number.isFinite(value)) return 'none';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3);
}

/** What a list of samples comes down to. */

/**
 * The smallest sample that at least this share of all samples does not exceed (nearest rank): always one that was
 * measured, never a value in between.
 * @param share between 0 and 1
 * @returns NaN without samples
 */
function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(samples: readonly number[]) {
  return percentile(samples, 0.5);
}

export function p99(samples: readonly number[]) {
  return percentile(samples, 0.99);
}

export function worst(samples: readonly number[]) {
  return percentile(samples, 1);
}

const MOST_LISTED = 2_000;
const PER_MS = 100;

/**
 * Samples as they go into the raw data: few in the order in which they were taken; many as pairs of a value, rounded to
 * a hundredth, and how often it came, because a hundred thousand numbers would bury the file.
 */
export function compact(samples: readonly number[]): number[] | { value: number; count: number }[] {
  const rounded = samples.map((sample) => Math.round(sample * PER_MS) / PER_MS);
  if (rounded.length <= MOST_LISTED) return rounded;
  const counts = new Map<number, number>();
  for (const value of rounded) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([value, count]) => ({ value, count }));
}

/** One measured number with its unit and, where there is one, the number to reach. */

/**
 * @typedef {'ms' | 's' | 'calls/s' | 'x' | 'MiB' | ''} Unit
 * @typedef {{ atMost: number } | { atLeast: number }} Target
 *
 * @typedef {object} Figure
 * @property {string} name what was measured, e.g. `median`
 * @property {number} value
 * @property {Unit} unit
 * @property {Target} [target]
 *
 * @typedef {object} RowResult
 * @property {Figure[]} figures
 * @property {Record<string, readonly number[]>} samples raw data, by what they are samples of
 * @property {Record<string, unknown>} [facts] what else was observed: origins, statuses, the generator's load
 */

/**
 * @param {string} name
 * @param {number} value
 * @param {Unit} unit
 * @param {Target} [target]
 * @returns {Figure}
 */
export function figure(name, value, unit, target) {
  return target === undefined ? { name, value, unit } : { name, value, unit, target };
}

/**
 * @param {Figure} measured
 * @returns {boolean | undefined} undefined where there is nothing to reach; a number that is none never reaches
 */
export function isReached({ value, target }) {
  if (target === undefined) return undefined;
  return 'atMost' in target ? value <= target.atMost : value >= target.atLeast;
}

/** @param {Figure} measured */
export function valueText({ value, unit }) {
  return withUnit(digits(value), unit);
}

/** @param {Figure} measured */
export function targetText({ target, unit }) {
  if (target === undefined) return '';
  return 'atMost' in target
    ? `at most ${withUnit(String(target.atMost), unit)}`
    : `at least ${withUnit(String(target.atLeast), unit)}`;
}

/** @param {string} number @param {Unit} unit */
function withUnit(number, unit) {
  return unit === '' ? number : `${number} ${unit}`;
}

/** Three significant digits or all that stand before the point. @param {number} value */
function digits(value) {
  if (!Number.isFinite(value)) return 'none';
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toPrecision(Math.abs(value) < 0.1 ? 2 : 3);
}

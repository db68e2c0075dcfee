/** What a run has found: one entry for each row, with its figures or with the reason why it has none. */
import { isReached, targetText, valueText } from '../figure.mjs';

/**
 * @typedef {object} MeasuredRow
 * @property {string} id
 * @property {string} title
 * @property {number} seconds
 * @property {import('../figure.mjs').RowResult} [result]
 * @property {string} [failure]
 *
 * @typedef {object} Report
 * @property {string} date ISO 8601
 * @property {boolean} isQuick
 * @property {import('./machine.mjs').Machine} machine
 * @property {number} seconds
 * @property {MeasuredRow[]} rows
 *
 * @typedef {{ name: string, value: string, target: string, mark: string }} Line
 */

/**
 * @param {MeasuredRow} row
 * @returns {Line[]}
 */
export function linesOf({ result, failure }) {
  if (result === undefined)
    return [{ name: `not measured: ${failure}`, value: '', target: '', mark: 'ERROR' }];
  return result.figures.map((figure) => ({
    name: figure.name,
    value: valueText(figure),
    target: targetText(figure),
    mark: markOf(isReached(figure)),
  }));
}

/** @param {Report} report */
export function summaryOf({ rows }) {
  const reached = rows.flatMap(({ result }) => result?.figures ?? []).map(isReached);
  const count = (/** @type {boolean} */ outcome) => reached.filter((is) => is === outcome).length;
  const failed = rows.filter(({ result }) => result === undefined).length;
  return `${count(true)} targets reached, ${count(false)} missed; ${failed} rows could not be measured`;
}

/** @param {Report} report */
export function machineLines({ machine, date, seconds, isQuick }) {
  return [
    `${date}, ${Math.round(seconds)} s${isQuick ? ', quick: too few samples to judge by' : ''}`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `Node.js ${machine.node}, ${machine.engine}, image ${machine.image}, commit ${machine.commit}`,
    `Load generator: ${machine.loadGenerator}`,
  ];
}

/** @param {boolean | undefined} isReached */
function markOf(isReached) {
  if (isReached === undefined) return '';
  return isReached ? 'reached' : 'MISSED';
}

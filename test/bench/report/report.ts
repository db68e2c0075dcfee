/** What a run has found: one entry for each row, with its figures or with the reason why it has none. */
/** A report as text for a terminal, and as the tables of a Markdown document. */
import { isReached, type RowResult, targetText, valueText } from '../figure.js';
import type { Machine } from './record.js';

export interface MeasuredRow {
  readonly id: string;
  readonly title: string;
  readonly seconds: number;
  readonly result?: RowResult;
  readonly failure?: string;
}
export interface Report {
  /** ISO 8601. */
  readonly date: string;
  readonly isQuick: boolean;
  readonly machine: Machine;
  readonly seconds: number;
  readonly rows: MeasuredRow[];
}
interface Line {
  name: string;
  value: string;
  target: string;
  mark: string;
}

export function linesOf({ result, failure }: MeasuredRow): Line[] {
  if (result === undefined)
    return [{ name: `not measured: ${failure}`, value: '', target: '', mark: 'ERROR' }];
  return result.figures.map((figure) => ({
    name: figure.name,
    value: valueText(figure),
    target: targetText(figure),
    mark: markOf(isReached(figure)),
  }));
}

export function summaryOf({ rows }: Report) {
  const reached = rows.flatMap(({ result }) => result?.figures ?? []).map(isReached);
  const count = (outcome: boolean) => reached.filter((is) => is === outcome).length;
  const failed = rows.filter(({ result }) => result === undefined).length;
  return `${count(true)} targets reached, ${count(false)} missed; ${failed} rows could not be measured`;
}

export function machineLines({ machine, date, seconds, isQuick }: Report) {
  return [
    `${date}, ${Math.round(seconds)} s${isQuick ? ', quick: too few samples to judge by' : ''}`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}`,
    `Node.js ${machine.node}, ${machine.engine}, image ${machine.image}, commit ${machine.commit}`,
    `Load generator: ${machine.loadGenerator}`,
  ];
}

function markOf(isReached: boolean | undefined) {
  if (isReached === undefined) return '';
  return isReached ? 'reached' : 'MISSED';
}

export function terminalTable(report: Report) {
  const rows = report.rows.map((row) => ({ ...row, lines: linesOf(row) }));
  const all = rows.flatMap(({ lines }) => lines.filter(({ mark }) => mark !== 'ERROR'));
  const width = (column: 'name' | 'value' | 'target') =>
    Math.max(0, ...all.map((line) => line[column].length));
  const blocks = rows.map(({ id, title, lines }) => [
    `${title}  [${id}]`,
    ...lines.map(({ name, value, target, mark }) =>
      [
        `  ${name.padEnd(width('name'))}`,
        value.padStart(width('value')),
        target.padEnd(width('target')),
        mark,
      ]
        .join('  ')
        .trimEnd(),
    ),
    '',
  ]);
  return ['', ...machineLines(report), '', ...blocks.flat(), summaryOf(report)].join('\n');
}

export function markdownTables(report: Report) {
  const blocks = report.rows.map((row) => [
    `### ${row.title}`,
    '',
    '| figure | measured | to reach | |',
    '|---|---:|---|---|',
    ...linesOf(row).map(({ name, value, target, mark }) => `| ${name} | ${value} | ${target} | ${mark} |`),
    '',
  ]);
  const machine = machineLines(report).map((line) => `- ${line}`);
  return [...machine, `- ${summaryOf(report)}`, '', ...blocks.flat()].join('\n').trimEnd();
}

/** A report as text for a terminal, and as the tables of a Markdown document. */
import { linesOf, machineLines, summaryOf } from './report.mjs';

/** @typedef {import('./report.mjs').Report} Report */

/** @param {Report} report */
export function terminalTable(report) {
  const rows = report.rows.map((row) => ({ ...row, lines: linesOf(row) }));
  const all = rows.flatMap(({ lines }) => lines.filter(({ mark }) => mark !== 'ERROR'));
  const width = (/** @type {'name' | 'value' | 'target'} */ column) =>
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

/** @param {Report} report */
export function markdownTables(report) {
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

import type { Trial } from './trial.js';

export interface GroupReport {
  readonly name: string;
  readonly seconds: number;
  readonly trial: Trial;
}

/** A Markdown table that a terminal shows well, too. */
export function tableOf(reports: readonly GroupReport[]): string {
  const head = ['group', 'cases tried', 'passed', 'nothing lost', 'seconds'];
  const rows = reports.map(({ name, seconds, trial }) => [
    name,
    trial.tried.toLocaleString('en-US'),
    trial.passed.toLocaleString('en-US'),
    lossesOf(trial),
    seconds.toFixed(1),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function lossesOf({ losses, isMeasured }: Trial): string {
  if (losses.length > 0) return `LOST: ${losses.length}`;
  return isMeasured ? 'nothing lost' : 'not measured';
}

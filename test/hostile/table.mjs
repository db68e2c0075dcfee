/** The table of a run of the trials, from the reports of its groups. */

/** @typedef {import('./trial.js').GroupReport} GroupReport */

/** A Markdown table that a terminal shows well, too. @param {readonly GroupReport[]} reports */
export function tableOf(reports) {
  const head = ['group', 'cases tried', 'passed', 'nothing lost', 'seconds'];
  const rows = reports.map((report) => [
    report.name,
    report.tried.toLocaleString('en-US'),
    report.passed.toLocaleString('en-US'),
    lossesOf(report),
    report.seconds.toFixed(1),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** Everything a group says besides its numbers, a line each. @param {GroupReport} report */
export function remarksOf({ name, notes, failures, losses }) {
  return [
    ...notes.map((note) => `${name}: ${note}`),
    ...failures.map((failure) => `FAILED ${name}: ${failure}`),
    ...losses.map((loss) => `LOST ${name}: ${loss}`),
  ];
}

/** @param {GroupReport} report */
function lossesOf({ losses, isMeasured }) {
  if (losses.length > 0) return `LOST: ${losses.length}`;
  return isMeasured ? 'nothing lost' : 'not measured';
}

/** Padded as the formatter pads it, so that the page passes its check. The first row is the head. */
export function markdownTable([head = [], ...body]: readonly (readonly string[])[]): string {
  const rows = [head, ...body].map((row) =>
    row.map((text) => text.replaceAll('|', '\\|').replaceAll('*', '\\*')),
  );
  const widths = head.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => line(row.map((text, at) => text.padEnd(widths[at] ?? 0))));
  lines.splice(1, 0, line(widths.map((width) => '-'.repeat(width))));
  return lines.join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

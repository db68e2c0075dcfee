import type { SettingChange } from '@glambdar/client';
import type { Printer } from '../terminal/printer.js';
import { safeJson, safeLine } from '../terminal/safe-text.js';
import type { View } from '../terminal/view.js';

/** Each setting that has changed, from what to what. */
export function changesView(head: string, changes: readonly SettingChange[]): View {
  const rows = changes.map(({ field, from, to }) => [safeLine(field), safeJson(from), safeJson(to)] as const);
  return {
    onTerminal: ({ style }) =>
      [
        `${style('green', '✓')} ${safeLine(head)}\n`,
        ...rows.map(([field, from, to]) => `  ${field}: ${style('dim', from)} → ${to}\n`),
      ].join(''),
    inPipe: () => [`${safeLine(head)}\n`, ...rows.map((row) => `${row.join('\t')}\n`)].join(''),
  };
}

/** What the server says beside the result of a change. */
export function showAdvice(
  printer: Printer,
  {
    warnings = [],
    notes = [],
  }: { readonly warnings?: readonly string[]; readonly notes?: readonly string[] },
): void {
  for (const warning of warnings) printer.warn(warning);
  for (const note of notes) printer.remark(note);
}

import { safeLine } from '../../terminal/safe-text.js';
import { padded } from '../../terminal/text-width.js';
import type { View } from '../../terminal/view.js';
import type { Finding } from './finding.js';

const marks = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  missing: ['✗', 'red'],
} as const;

export function doctorView(findings: readonly Finding[]): View {
  const width = Math.max(...findings.map(({ name }) => name.length)) + 2;
  return {
    onTerminal: ({ style }) =>
      findings
        .map(({ name, state, found, remedy }) => {
          const [mark, color] = marks[state];
          const next = remedy === undefined ? '' : `  ${' '.repeat(width)}${safeLine(remedy)}\n`;
          return `${style(color, mark)} ${padded(name, width)}${safeLine(found)}\n${next}`;
        })
        .join(''),
    inPipe: () =>
      findings
        .map(
          ({ name, state, found, remedy = '' }) =>
            `${[state, name, found, remedy].map(safeLine).join('\t')}\n`,
        )
        .join(''),
  };
}

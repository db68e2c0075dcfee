import { ago } from './ago.js';
import { safeLine } from './safe-text.js';
import type { StyleName } from './style.js';
import { cut, padded, widthOf } from './text-width.js';
import type { Screen, View } from './view.js';

type Cell = string | number | boolean | Date | null | undefined;

export interface Column<Row> {
  readonly head: string;
  /** Null and undefined are an empty cell, `-` on a terminal; a date is how long ago it was there. */
  readonly value: (row: Row) => Cell;
  readonly style?: (row: Row) => StyleName | undefined;
}

const gap = '  ';

/**
 * On a terminal a head and aligned columns, of which the last is cut to the width. In a pipe no head, and tabs between
 * whole cells, so that `cut` and `awk` find them.
 */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], ifEmpty: string): View {
  return {
    onTerminal: (screen) => (rows.length === 0 ? `${ifEmpty}\n` : aligned(rows, columns, screen)),
    inPipe: () => rows.map((row) => `${columns.map(({ value }) => whole(value(row))).join('\t')}\n`).join(''),
  };
}

/** One thing: a name and a value on each line. */
export function fields(entries: readonly (readonly [name: string, value: Cell, style?: StyleName])[]): View {
  const width = Math.max(0, ...entries.map(([name]) => widthOf(name))) + gap.length;
  return {
    onTerminal: ({ style, now }) =>
      entries
        .map(([name, value, styleName]) => {
          const text = shown(value, now);
          const label = style('dim', padded(`${name}:`, width));
          return `${label}${styleName === undefined ? text : style(styleName, text)}\n`;
        })
        .join(''),
    inPipe: () => entries.map(([name, value]) => `${name}\t${whole(value)}\n`).join(''),
  };
}

function aligned<Row>(rows: readonly Row[], columns: readonly Column<Row>[], screen: Screen): string {
  const { style, now } = screen;
  const texts = rows.map((row) => columns.map(({ value }) => shown(value(row), now)));
  const heads = columns.map(({ head }) => head.toUpperCase());
  const widths = heads.map((_, at) => Math.max(...[heads, ...texts].map((line) => widthOf(line[at] ?? ''))));
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + gap.length, 0);
  const laidOut = (line: readonly string[]) =>
    line.map((text, at) =>
      at === last ? cut(text, Math.max(8, screen.columns - before)) : padded(text, widths[at] ?? 0),
    );
  const head = laidOut(heads).map((text) => style('dim', text));
  const body = texts.map((line, at) =>
    laidOut(line).map((text, column) => {
      const row = rows[at];
      const name = row === undefined ? undefined : columns[column]?.style?.(row);
      return name === undefined ? text : style(name, text);
    }),
  );
  return [head, ...body].map((line) => `${line.join(gap).trimEnd()}\n`).join('');
}

function shown(cell: Cell, now: Date): string {
  if (cell === null || cell === undefined || cell === '') return '-';
  return cell instanceof Date ? ago(cell, now) : safeLine(String(cell));
}

/** Without tabs, which end the cell. */
function whole(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : safeLine(String(cell)).replaceAll('\t', ' ');
}

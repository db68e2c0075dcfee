import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { pressed, sorted, type SortKey, type Sorting } from './sorting.js';

export interface Column<T> {
  readonly id: string;
  readonly title: string;
  readonly cell: (row: T) => ComponentChildren;
  /** By this the rows can be sorted. */
  readonly key?: (row: T) => SortKey;
  /** Numbers stand at the right, and are sorted from the top first. */
  readonly isNumber?: boolean;
  /** Left out on a narrow screen. */
  readonly isWideOnly?: boolean;
  /** What the row is about: its heading. */
  readonly isHeading?: boolean;
}

export interface TableProps<T> {
  /** Says to a screen reader what the table lists. */
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string | number;
  readonly sorting?: Sorting;
}

/** A table with headings, which sort it where a column says by what. Too wide for the screen, it scrolls in itself. */
export function Table<T>({ caption, columns, rows, rowKey, sorting: initial }: TableProps<T>) {
  const [sorting, setSorting] = useState(initial);
  const by = columns.find(({ id }) => id === sorting?.column)?.key;
  const shown = by && sorting ? sorted(rows, by, sorting.descending) : rows;
  return (
    <div class="table-frame" role="group" aria-label={caption} tabIndex={0}>
      <table class="table">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <Heading key={column.id} column={column} sorting={sorting} onSort={setSorting} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map(({ id, cell, isHeading, ...column }) =>
                isHeading ? (
                  <th key={id} scope="row" class={classOf(column)}>
                    {cell(row)}
                  </th>
                ) : (
                  <td key={id} class={classOf(column)}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeadingProps<T> {
  readonly column: Column<T>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function Heading<T>({ column, sorting, onSort }: HeadingProps<T>) {
  const { id, title, key, isNumber = false } = column;
  if (!key || !sorting) {
    return (
      <th scope="col" class={classOf(column)}>
        {title}
      </th>
    );
  }
  const isCurrent = sorting.column === id;
  const direction = sorting.descending ? 'descending' : 'ascending';
  const arrow = (
    <span class="sort-arrow" aria-hidden="true">
      {isCurrent ? (sorting.descending ? '↓' : '↑') : ''}
    </span>
  );
  return (
    <th scope="col" class={classOf(column)} aria-sort={isCurrent ? direction : undefined}>
      <button
        type="button"
        class="sort"
        onClick={() => {
          onSort(pressed(sorting, id, isNumber));
        }}
      >
        {isNumber && arrow}
        {title}
        {!isNumber && arrow}
      </button>
    </th>
  );
}

function classOf({ isNumber, isWideOnly }: Pick<Column<never>, 'isNumber' | 'isWideOnly'>): string {
  return `${isNumber ? 'number' : ''} ${isWideOnly ? 'wide-only' : ''}`.trim();
}

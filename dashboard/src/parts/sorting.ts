export type SortKey = string | number | null;

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

/** Sorted by a key; what has none comes last either way, and equals stay in their order. */
export function sorted<T>(rows: readonly T[], keyOf: (row: T) => SortKey, descending: boolean): readonly T[] {
  const direction = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
      return direction * compared(a.key, b.key);
    })
    .map(({ row }) => row);
}

/** What pressing a column's heading does: first by it, numbers from the top, then the other way round. */
export function pressed(current: Sorting, column: string, startsDescending: boolean): Sorting {
  if (current.column !== column) return { column, descending: startsDescending };
  return { column, descending: !current.descending };
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compared(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
}

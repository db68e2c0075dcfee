import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseRefused } from '../../../storage/sqlite/open-database.js';
import type { RecordBudget } from '../record-store.js';
import { SqliteRecordStore } from './sqlite-record-store.js';

export interface OpenedRecords {
  readonly store: SqliteRecordStore;
  /** Where a file that could not be used lies now, and why it could not; undefined where there was none. */
  readonly setAside: { readonly file: string; readonly reason: string } | undefined;
}

/**
 * Opens the database of records, or a new one where the file cannot be used: records are worth less than a server that
 * starts. The file is kept under another name; of such files the newest alone is.
 */
export async function openSettingAside(file: string, budget: RecordBudget): Promise<OpenedRecords> {
  try {
    return { store: await SqliteRecordStore.open(file, budget), setAside: undefined };
  } catch (error) {
    if (!(error instanceof DatabaseRefused)) throw error;
    const aside = setAside(file);
    const store = await SqliteRecordStore.open(file, budget);
    return { store, setAside: { file: aside, reason: error.message } };
  }
}

function setAside(file: string): string {
  const aside = `${file}.unusable`;
  const directory = dirname(file);
  for (const suffix of ['', '-wal', '-shm']) rmSync(aside + suffix, { force: true });
  for (const name of readdirSync(directory)) {
    const suffix = name.slice(basename(file).length);
    if (!name.startsWith(basename(file)) || !['', '-wal', '-shm'].includes(suffix)) continue;
    renameSync(join(directory, name), aside + suffix);
  }
  return aside;
}

import { closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { InstallationError } from '../installation/installation-error.js';
import { isDamage } from './sqlite-error.js';
/** The database file cannot be used. The message is for the operator: what is wrong, and what to do about it. */ export class DatabaseRefused extends InstallationError {
    name = 'DatabaseRefused';
}
/**
 * Opens the database and brings its schema up to date. A file that is damaged, that another program made or that a
 * newer Glambdar has migrated is refused and left as it was: an empty database in its place would make all functions
 * disappear.
 */ export function openDatabase(file, history, options) {
    // Made here rather than by SQLite, so that nobody else can read it; its log and index take over the mode.
    if (options.mayCreate) closeSync(openSync(file, 'a', 0o600));
    else if (!existsSync(file)) throw lost(file);
    const database = new DatabaseSync(file);
    try {
        database.exec(`PRAGMA busy_timeout = ${options.lockTimeoutMs}`);
        requireOwnFile(database, file, history, options.mayCreate);
        requireSound(database, file);
        configure(database);
        migrate(database, history);
        return database;
    } catch (error) {
        database.close();
        if (isDamage(error)) throw damaged(file, {
            cause: error
        });
        throw error;
    }
}
function requireOwnFile(database, file, { applicationId, migrations }, mayCreate) {
    const version = integerOf(database, 'PRAGMA user_version');
    const isEmpty = integerOf(database, 'SELECT count(*) FROM sqlite_schema') === 0;
    if (isEmpty && version === 0) {
        if (mayCreate) return;
        throw lost(file);
    }
    if (integerOf(database, 'PRAGMA application_id') !== applicationId) {
        throw new DatabaseRefused(`The database ${file} belongs to another program. Let GLAMBDAR_DIR name a directory of Glambdar's own.`);
    }
    if (version > migrations.length) {
        throw new DatabaseRefused(`The database ${file} was written by a newer Glambdar (schema ${version}; this one knows ${migrations.length}). ` + 'Start that version or a later one, or restore a backup from before the update.');
    }
}
function requireSound(database, file) {
    const findings = database.prepare('PRAGMA quick_check(1)').all();
    if (findings[0]?.['quick_check'] !== 'ok') throw damaged(file);
}
function lost(file) {
    return new DatabaseRefused(`The database ${file} is empty or missing although there is code of functions beside it. ` + 'Restore it from a backup, or move the directory of the functions away to start anew.');
}
function damaged(file, options) {
    return new DatabaseRefused(`The database ${file} is damaged. Stop the server, keep a copy of the file and of those ending in -wal and -shm, ` + 'and restore a backup.', options);
}
function configure(database) {
    database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA journal_size_limit = 67108864;
    PRAGMA wal_autocheckpoint = 1000;
  `);
}
/** The version is read under the lock, because another program may be opening the same new file at this moment. */ function migrate(database, { migrations }) {
    while(integerOf(database, 'PRAGMA user_version') < migrations.length){
        database.exec('BEGIN IMMEDIATE');
        const version = integerOf(database, 'PRAGMA user_version');
        const migration = migrations[version];
        // `exec` stops at the first failure, and closing the database then undoes the open transaction.
        if (migration !== undefined) database.exec(`${migration} PRAGMA user_version = ${version + 1};`);
        database.exec('COMMIT');
    }
}
function integerOf(database, sql) {
    return Number(Object.values(database.prepare(sql).get() ?? {})[0]);
}

//# sourceMappingURL=open-database.js.map
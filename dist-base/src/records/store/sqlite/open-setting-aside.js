import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseRefused } from '../../../common/database/open-database.js';
import { SqliteRecordStore } from './sqlite-record-store.js';
/**
 * Opens the database of records, or a new one where the file cannot be used: records are worth less than a server that
 * starts. The file is kept under another name; of such files the newest alone is.
 */ export function openSettingAside(file, budget) {
    try {
        return {
            store: SqliteRecordStore.open(file, budget),
            setAside: undefined
        };
    } catch (error) {
        if (!(error instanceof DatabaseRefused)) throw error;
        const aside = setAside(file);
        return {
            store: SqliteRecordStore.open(file, budget),
            setAside: {
                file: aside,
                reason: error.message
            }
        };
    }
}
function setAside(file) {
    const aside = `${file}.unusable`;
    const directory = dirname(file);
    for (const suffix of [
        '',
        '-wal',
        '-shm'
    ])rmSync(aside + suffix, {
        force: true
    });
    for (const name of readdirSync(directory)){
        const suffix = name.slice(basename(file).length);
        if (!name.startsWith(basename(file)) || ![
            '',
            '-wal',
            '-shm'
        ].includes(suffix)) continue;
        renameSync(join(directory, name), aside + suffix);
    }
    return aside;
}

//# sourceMappingURL=open-setting-aside.js.map
import { DatabaseSync } from 'node:sqlite';
import { InstallationError } from './installation-error.js';
const sqliteBusy = 5;
/**
 * Two servers on one directory would remove each other's containers, so each holds this lock. It is a transaction on
 * a database that nobody writes: the kernel ends it together with the process, so a crash leaves no stale lock.
 */ export class InstallationLock {
    database;
    constructor(database){
        this.database = database;
    }
    /** Throws an `InstallationError` when another server holds it. Never waits. */ static take(file) {
        const database = new DatabaseSync(file, {
            timeout: 0
        });
        try {
            database.exec('BEGIN EXCLUSIVE');
            return new InstallationLock(database);
        } catch (error) {
            database.close();
            if (error.errcode !== sqliteBusy) throw error;
            throw new InstallationError('Another Glambdar server runs on this directory. Stop it first, or give this one a directory of its own with GLAMBDAR_DIR.', {
                cause: error
            });
        }
    }
    release() {
        if (this.database.isOpen) this.database.close();
    }
}

//# sourceMappingURL=installation-lock.js.map
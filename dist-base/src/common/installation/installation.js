import { join } from 'node:path';
/** One server's own directory: what lies where in it, and the name that its containers carry. */ export class Installation {
    directory;
    id;
    /** The database's file. */ database;
    /** Keys and the audit log: a file of their own, so that a restored backup of functions brings back no revoked key. */ accessDatabase;
    /** What functions printed and how their calls went: its loss loses no function. */ recordsDatabase;
    /** Published code: `functions/<name>/<version id>/`. */ functions;
    /** What is being unpacked; the same file system as `functions`, so publishing is a rename. */ staging;
    /** Sockets, one directory per container. */ run;
    constructor(/** Absolute, with no symbolic link in it. */ directory, /** Eight hexadecimal digits, the same for as long as the directory lives. */ id){
        this.directory = directory;
        this.id = id;
        this.database = join(directory, 'glambdar.sqlite');
        this.accessDatabase = join(directory, 'access.sqlite');
        this.recordsDatabase = join(directory, 'records.sqlite');
        this.functions = join(directory, 'functions');
        this.staging = join(directory, 'staging');
        this.run = join(directory, 'run');
    }
}

//# sourceMappingURL=installation.js.map
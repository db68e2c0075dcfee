import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
/** The header of an SQLite journal; nothing that a first start makes is longer. */ const longestBeginningBytes = 512;
const databases = [
    'glambdar.sqlite',
    'access.sqlite',
    'records.sqlite'
];
/** Of SQLite's file format: how every database begins, and where the mark of the program that made it stands. */ const sqliteMagic = 'SQLite format 3\0';
const applicationIdOffset = 68;
/** The ids of our databases begin so and end in a letter for each. */ const ourApplicationId = 'GLM';
/**
 * Reads what lies there and changes nothing. The names come first, for a server may be starting. Neither the lock nor,
 * in an installation, a database is opened: closing it again would let go of the locks this process has on it.
 */ export function contentOf(directory) {
    const names = readdirSync(directory);
    const id = /^([0-9a-f]{8})\n?$/.exec(textIn(join(directory, 'installation-id')) ?? '')?.[1];
    const isOurs = (name)=>names.includes(name) && isOurDatabase(join(directory, name));
    return {
        names,
        id,
        hasDatabase: id === undefined && databases.some(isOurs),
        beginnings: names.filter((name)=>isBeginning(name, join(directory, name)))
    };
}
/** The lock is always empty, its journal is SQLite's, and an id may be there in part. */ function isBeginning(name, file) {
    if (name === 'server.lock') return shortFile(file)?.size === 0;
    if (name === 'server.lock-journal') return shortFile(file) !== undefined;
    const isId = name === 'installation-id' || name === 'installation-id.new';
    return isId && /^[0-9a-f]{0,8}\n?$/.test(textIn(file) ?? 'unreadable');
}
function shortFile(file) {
    const found = lstatSync(file, {
        throwIfNoEntry: false
    });
    return found?.isFile() === true && found.size <= longestBeginningBytes ? found : undefined;
}
function textIn(file) {
    return shortFile(file) && readFileSync(file, 'latin1');
}
function isOurDatabase(file) {
    if (lstatSync(file, {
        throwIfNoEntry: false
    })?.isFile() !== true) return false;
    const header = Buffer.alloc(applicationIdOffset + 4);
    const descriptor = openSync(file, 'r');
    try {
        readSync(descriptor, header, 0, header.length, 0);
    } finally{
        closeSync(descriptor);
    }
    const text = header.toString('latin1');
    return text.startsWith(sqliteMagic) && text.startsWith(ourApplicationId, applicationIdOffset);
}

//# sourceMappingURL=directory-content.js.map
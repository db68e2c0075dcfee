/** What lies where the server is to keep its files, as far as it tells whose it is. */ /** Found in a file system or a folder that nobody has put anything into. */ const ofNobody = [
    'lost+found',
    '.DS_Store'
];
/** Everything that a server makes in its directory. */ const ours = /^(functions|staging|run|hosts|server\.lock(-journal)?|secrets\.key(\.new)?|installation-id(\.new)?|(glambdar|access|records)\.sqlite(\.unusable)?(-wal|-shm|-journal)?)$/;
/**
 * Whose the directory is. An id or one of our databases is the proof that it is ours; a name alone is none, because
 * what would then be emptied may be somebody's own `staging`.
 */ export function whoseDirectory({ names, id, hasDatabase, beginnings }) {
    if (id !== undefined) return {
        kind: 'installation',
        id
    };
    const found = names.filter((name)=>!ofNobody.includes(name) && !beginnings.includes(name));
    if (found.length === 0) return {
        kind: 'free'
    };
    const unknown = found.filter((name)=>!ours.test(name));
    if (names.includes('installation-id') && (hasDatabase || unknown.length === 0)) return {
        kind: 'damaged'
    };
    if (!hasDatabase) return {
        kind: 'foreign',
        names: found
    };
    return unknown.length === 0 ? {
        kind: 'restored'
    } : {
        kind: 'foreign',
        names: unknown
    };
}

//# sourceMappingURL=whose-directory.js.map
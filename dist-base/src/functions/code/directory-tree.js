import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { systemErrorCode } from '../archive/error-code.js';
/** Open files are few per process, and file operations run four at a time anyway. */ const parallelOperations = 16;
/** Everything below `root`, each directory before what is in it; links are named, never followed. */ export async function entriesBelow(root) {
    const entries = await readdir(root, {
        withFileTypes: true,
        recursive: true
    });
    return entries.map((entry)=>({
            path: join(relative(root, entry.parentPath), entry.name),
            kind: entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'link' : 'file'
        })).sort((a, b)=>depthOf(a) - depthOf(b));
}
/**
 * Removes a tree of ours; a missing one counts as removed. Its directories are read-only, so they are opened first.
 * Files are never made writable: other trees share them.
 */ export async function removeTree(root) {
    try {
        if ((await lstat(root)).isDirectory()) await openDirectories(root);
        await rm(root, {
            recursive: true,
            force: true
        });
    } catch (error) {
        if (systemErrorCode(error) !== 'ENOENT') throw error;
    }
}
async function openDirectories(root) {
    await chmod(root, 0o700);
    for (const entry of (await readdir(root, {
        withFileTypes: true
    }))){
        if (entry.isDirectory()) await openDirectories(join(root, entry.name));
    }
}
/** Runs `action` on each item, a limited number at a time. Rejects with the first error, once none is running. */ export async function forEachLimited(items, action) {
    const queue = items[Symbol.iterator]();
    const errors = [];
    const work = async ()=>{
        for(let next = queue.next(); next.done !== true && errors.length === 0; next = queue.next()){
            await action(next.value).catch((error)=>errors.push(error));
        }
    };
    await Promise.all(Array.from({
        length: parallelOperations
    }, work));
    if (errors.length > 0) throw errors[0];
}
function depthOf({ path }) {
    return path.split(/[\\/]/).length;
}

//# sourceMappingURL=directory-tree.js.map
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { contentOf } from './directory-content.js';
import { refused } from './directory-refusal.js';
import { networkFileSystemOf } from './network-file-system.js';
import { whoseDirectory } from './whose-directory.js';
/** Linux cuts the path of a socket silently after 107 bytes, macOS after 103: what works on one must on the other. */ const longestSocketPathBytes = 103;
const containerDirectoryBytes = 12;
/** Closed to others, as the server's directory is, these would be missed by the whole system; some may be empty. */ const everybodys = new Set([
    ...[
        '/',
        '/bin',
        '/boot',
        '/dev',
        '/dev/shm',
        '/etc',
        '/home',
        '/lib',
        '/lib64',
        '/media',
        '/mnt',
        '/opt',
        '/proc'
    ],
    ...[
        '/root',
        '/run',
        '/sbin',
        '/srv',
        '/sys',
        '/tmp',
        '/usr',
        '/usr/local',
        '/var',
        '/var/cache',
        '/var/lib'
    ],
    ...[
        '/var/log',
        '/var/opt',
        '/var/tmp',
        '/private',
        '/private/tmp',
        '/private/var',
        '/Users'
    ]
]);
/**
 * Looks at the directory that is wanted and changes nothing. Throws an `InstallationError` where it could not serve
 * whatever is in it.
 */ export function findDirectory(wanted) {
    const path = realPathOf(resolve(wanted));
    const found = statSync(path, {
        throwIfNoEntry: false
    });
    if (found && !found.isDirectory()) throw refused.noDirectory(path);
    refuseLongPath(path);
    refuseNetworkFileSystem(path);
    if (!found) return {
        path,
        whose: {
            kind: 'absent'
        }
    };
    if (process.geteuid !== undefined && found.uid !== process.geteuid()) throw refused.otherUsers(path, found.uid);
    const whose = whoseDirectory(readable(path));
    // Who has one there already has a disk of its own there.
    if (whose.kind !== 'installation' && everybodys.has(path)) throw refused.everybodys(path);
    return {
        path,
        whose
    };
}
/** Of what is not there yet, as far as it is. */ function realPathOf(path) {
    try {
        return realpathSync(path);
    } catch (error) {
        const { code } = error;
        if (code === 'ENOTDIR') throw refused.noDirectory(dirname(path));
        if (code !== 'ENOENT') throw refused.unusable(path, error);
        return join(realPathOf(dirname(path)), basename(path));
    }
}
function readable(path) {
    try {
        return contentOf(path);
    } catch (error) {
        throw refused.unusable(path, error);
    }
}
function refuseLongPath(directory) {
    const socket = join(directory, 'run', 'x'.repeat(containerDirectoryBytes), 'socket');
    const excessBytes = Buffer.byteLength(socket) - longestSocketPathBytes;
    if (excessBytes > 0) throw refused.tooLong(directory, excessBytes);
}
function refuseNetworkFileSystem(directory) {
    const type = networkFileSystemOf(directory, mountInfo());
    if (type !== undefined) throw refused.networkFileSystem(directory, type);
}
function mountInfo() {
    try {
        return readFileSync('/proc/self/mountinfo', 'utf8');
    } catch  {
        // Only Linux has this file; elsewhere nothing is known and nothing refused.
        return '';
    }
}

//# sourceMappingURL=found-directory.js.map
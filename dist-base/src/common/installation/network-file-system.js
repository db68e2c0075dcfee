const networkTypes = /^(nfs\d?|cifs|smb\d?|smbfs|afs|ceph|fuse\.(sshfs|s3fs|rclone|glusterfs))$/;
/**
 * The type of the network file system that `directory` lies on, or undefined: there, locks and write-ahead logs of a
 * database can lie, and sockets do not work. `mountInfo` is the text of `/proc/self/mountinfo` (proc(5)).
 */ export function networkFileSystemOf(directory, mountInfo) {
    let holder;
    for (const line of mountInfo.split('\n')){
        const mount = mountOf(line);
        if (!mount || !holds(mount.point, directory)) continue;
        // Of two mounts on one point the later covers the earlier.
        if (!holder || mount.point.length >= holder.point.length) holder = mount;
    }
    return holder && networkTypes.test(holder.type) ? holder.type : undefined;
}
/** Fields are separated by spaces; a lone dash ends the optional ones, and the type follows it. */ function mountOf(line) {
    const fields = line.split(' ');
    const point = fields[4];
    const type = fields[fields.indexOf('-', 6) + 1];
    if (point === undefined || type === undefined) return undefined;
    return {
        point: point.replace(/\\(\d{3})/g, (_, octal)=>String.fromCharCode(parseInt(octal, 8))),
        type
    };
}
function holds(mountPoint, directory) {
    return mountPoint === '/' || directory === mountPoint || directory.startsWith(`${mountPoint}/`);
}

//# sourceMappingURL=network-file-system.js.map
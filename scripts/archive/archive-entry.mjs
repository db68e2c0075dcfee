/**
 * What archives are made of. Times and owners are left out on purpose: the same content gives the same bytes.
 *
 * @typedef {{ kind: 'directory', path: string, mode: number }} DirectoryEntry
 * @typedef {{ kind: 'file', path: string, mode: number, source: string }} FileEntry `source` is the file on this machine
 * @typedef {{ kind: 'text', path: string, mode: number, text: string }} TextEntry
 * @typedef {{ kind: 'link', path: string, mode: number, target: string }} LinkEntry a symbolic link
 * @typedef {DirectoryEntry | FileEntry | TextEntry | LinkEntry} ArchiveEntry
 */
export {};

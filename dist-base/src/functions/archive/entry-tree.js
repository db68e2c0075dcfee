import { archiveRefusal, quoted } from './archive-refusal.js';
/** Names that are one on a file system that ignores case or composes accents. */ export function folded(segment) {
    return segment.normalize('NFC').toLowerCase();
}
/**
 * The files as they would lie on disk. An entry that another one stands in the way of is refused here, so that the
 * same archive unpacks to the same files on every file system.
 */ export class EntryTree {
    maxEntries;
    root = {
        name: '',
        kind: 'directory',
        listed: false,
        children: new Map()
    };
    nodes = 0;
    constructor(maxEntries){
        this.maxEntries = maxEntries;
    }
    /** Rejects with the reason when the path is taken, nested in a file or link, or differs in case only. */ add(segments, kind) {
        const path = segments.join('/');
        const parent = segments.slice(0, -1).reduce((node, segment)=>this.parentIn(node, segment, path), this.root);
        const name = segments.at(-1);
        const leaf = name === undefined ? this.root : this.childOf(parent, name, kind, path);
        if (leaf.kind !== kind) throw conflict(path, leaf.kind, kind);
        if (leaf.listed) throw archiveRefusal('duplicate_entry', `The archive holds ${quoted(path)} twice.`);
        leaf.listed = true;
    }
    /** Paths of all directories below the root, each after its parent. */ directories() {
        return [
            ...walkDirectories(this.root, '')
        ];
    }
    parentIn(node, segment, path) {
        const child = this.childOf(node, segment, 'directory', path);
        switch(child.kind){
            case 'directory':
                return child;
            case 'file':
            case 'link':
                throw conflict(path, child.kind, 'directory');
        }
    }
    childOf(node, name, kind, path) {
        const key = folded(name);
        const existing = node.children.get(key);
        if (existing === undefined) return this.create(node, key, {
            name,
            kind,
            listed: false,
            children: new Map()
        });
        if (existing.name === name) return existing;
        throw archiveRefusal('case_collision', `${quoted(path)} and another path differ only in upper and lower case or accents.`);
    }
    create(parent, key, child) {
        this.nodes += 1;
        if (this.nodes > this.maxEntries) throw tooManyEntries(this.maxEntries);
        parent.children.set(key, child);
        return child;
    }
}
function conflict(path, ...kinds) {
    return kinds.includes('link') ? archiveRefusal('unsafe_link', `${quoted(path)} would be written in place of a link or through it.`) : archiveRefusal('path_conflict', `${quoted(path)} needs a file and a directory of the same name.`);
}
export function tooManyEntries(maxEntries) {
    return archiveRefusal('too_many_entries', `The archive holds more than ${maxEntries} files and directories.`);
}
function* walkDirectories(node, prefix) {
    for (const child of node.children.values()){
        if (child.kind !== 'directory') continue;
        yield prefix + child.name;
        yield* walkDirectories(child, `${prefix}${child.name}/`);
    }
}

//# sourceMappingURL=entry-tree.js.map
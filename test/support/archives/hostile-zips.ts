import { hostileEntries } from './hostile-entries.js';
import { hostileStructures } from './hostile-structure.js';
import type { HostileZip } from './hostile-zip.js';

/** Each of these must be refused for the reason named, with nothing left on disk. */
export const hostileZips: readonly HostileZip[] = [...hostileEntries, ...hostileStructures];

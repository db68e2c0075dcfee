import { homedir } from 'node:os';
import { readEnvironment } from '../settings/environment.js';
import { defaultDirectory } from './default-directory.js';
/** The directory that is set, or the default of whoever runs this. */ export function wantedDirectory({ directory }) {
    if (directory !== '') return directory;
    return defaultDirectory({
        isRoot: process.getuid?.() === 0,
        home: homedir(),
        dataHome: readEnvironment()['XDG_DATA_HOME']
    });
}

//# sourceMappingURL=wanted-directory.js.map
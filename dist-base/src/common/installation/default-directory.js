import { isAbsolute, join } from 'node:path';
export function defaultDirectory({ isRoot, home, dataHome }) {
    if (isRoot) return '/var/lib/glambdar';
    if (dataHome !== undefined && isAbsolute(dataHome)) return join(dataHome, 'glambdar');
    return join(home, '.local', 'share', 'glambdar');
}

//# sourceMappingURL=default-directory.js.map
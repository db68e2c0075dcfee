function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
/** What a container's user is called inside it, whatever its id. */ const userName = 'function';
/** Where its `HOME` is. There is no shell that it could have. */ const home = '/tmp';
const noShell = '/nonexistent';
export class AccountFiles {
    async write(runDirectory, id) {
        await Promise.all([
            writeForAll(join(runDirectory, 'passwd'), passwd(id)),
            writeForAll(join(runDirectory, 'group'), group(id))
        ]);
    }
}
AccountFiles = _ts_decorate([
    Injectable()
], AccountFiles);
function passwd(id) {
    return [
        `root:x:0:0:root:/:${noShell}`,
        `${userName}:x:${id}:${id}:${userName}:${home}:${noShell}`,
        `nobody:x:65534:65534:nobody:${home}:${noShell}`,
        ''
    ].join('\n');
}
function group(id) {
    return [
        'root:x:0:',
        `${userName}:x:${id}:`,
        'nogroup:x:65534:',
        ''
    ].join('\n');
}
/** The container reads it as another user, whatever the server's umask is. */ async function writeForAll(path, content) {
    await writeFile(path, content);
    await chmod(path, 0o644);
}

//# sourceMappingURL=account-files.js.map
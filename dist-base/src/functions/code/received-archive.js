import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { DomainError } from '../../common/errors/domain-error.js';
import { archiveRefusal } from '../archive/archive-refusal.js';
import { storageFailure } from '../archive/storage-failure.js';
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const ownerOnly = 0o600;
/** Writes the stream to a new file, one chunk after the other, so that a fast client waits for the disk. */ export async function receiveArchive(content, path, maxBytes) {
    const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, ownerOnly).catch(rethrow);
    try {
        let receivedBytes = 0;
        for await (const chunk of chunksOf(content)){
            receivedBytes += chunk.length;
            if (receivedBytes > maxBytes) {
                throw archiveRefusal('archive_too_large', `The archive is larger than ${maxBytes} bytes.`);
            }
            await append(file, chunk);
        }
    } finally{
        await file.close();
    }
}
/** Whatever the source raises means that the rest will not come, unless it is an answer of our own. */ async function* chunksOf(content) {
    // Destroying a request's stream would close the connection before the client could read why.
    const chunks = content instanceof Readable ? content.iterator({
        destroyOnReturn: false
    }) : content;
    try {
        for await (const chunk of chunks)yield Buffer.from(chunk);
    } catch (error) {
        if (error instanceof DomainError) throw error;
        throw new DomainError('CLIENT_CLOSED', 'The upload ended before it was complete.', {}, {
            cause: error
        });
    }
}
async function append(file, chunk) {
    // Of a handle, `writeFile` continues where the last one stopped, and repeats short writes.
    await file.writeFile(chunk).catch(rethrow);
}
function rethrow(error) {
    throw storageFailure(error);
}

//# sourceMappingURL=received-archive.js.map
import { isUtf8 } from 'node:buffer';
import yauzl, { getFileNameLowLevel } from 'yauzl';

/** What another reader makes of an archive: the content of every file and link by its name in the archive. */
export async function filesByYauzl(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(archive, { decodeStrings: false, lazyEntries: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    // Most tools write UTF-8 without its flag, which yauzl believes to be missing for a reason.
    const flags = isUtf8(entry.fileNameRaw) ? 0x800 : 0;
    const name = getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false);
    if (/[\\/]$/.test(name)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(name.replaceAll('\\', '/').replace(/^\.\//, ''), Buffer.concat(chunks));
  }
  return files;
}

import yauzl from 'yauzl';

/** What another reader makes of an archive: the content of every file and link by its name in the archive. */
export async function filesByYauzl(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(archive, { decodeStrings: false, lazyEntries: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString();
    if (/[\\/]$/.test(name)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(name.replaceAll('\\', '/').replace(/^\.\//, ''), Buffer.concat(chunks));
  }
  return files;
}

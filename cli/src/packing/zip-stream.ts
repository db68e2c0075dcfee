/** Writes zip archives in which everything dates from 1980, so that the same files give the same bytes. */
import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile, type ReadStreamOptions } from 'yazl';
import type { PackedEntry } from './folder-entries.js';
import { CommandError } from '../errors/command-error.js';

const modes = { file: 0o100644, program: 0o100755, link: 0o120777 } as const;

/** The first day that the format knows, wherever this machine is: the format has local time. */
const modifiedAt = new Date(1980, 0, 1);

/** The archive of these files, in their order; a file is open only while it is read. */
export async function writeZip(
  entries: readonly PackedEntry[],
  output: Writable,
  interrupted?: AbortSignal,
): Promise<void> {
  const zip = new ZipFile();
  const failed = new AbortController();
  zip.once('error', (error: Error) => {
    failed.abort(error);
  });
  for (const entry of entries) add(zip, entry);
  zip.end();
  try {
    const signal = AbortSignal.any([failed.signal, ...(interrupted === undefined ? [] : [interrupted])]);
    await pipeline(zip.outputStream, output, { signal });
  } catch (error) {
    throw failed.signal.aborted ? failed.signal.reason : error;
  }
}

function add(zip: ZipFile, entry: PackedEntry): void {
  if (entry.kind === 'link') {
    zip.addBuffer(Buffer.from(entry.target), entry.path, optionsOf(modes.link));
    return;
  }
  const mode = entry.executable ? modes.program : modes.file;
  zip.addReadStreamLazy(entry.path, optionsOf(mode), (done) => {
    const content = createReadStream(entry.source);
    content.once('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
      zip.emit(
        'error',
        new CommandError(
          'refused',
          `${entry.path} cannot be read (${code}): make it readable, or name it in .glambdarignore.`,
        ),
      );
    });
    done(null, content);
  });
}

function optionsOf(mode: number): Partial<ReadStreamOptions> {
  return { mode, mtime: modifiedAt, forceDosTimestamp: true };
}

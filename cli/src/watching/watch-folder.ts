/** Tells of changes of a function's files: of those that are packed, and of those that say how. */
import { ignoreFileName, ignoreRules } from '@glambdar/client/ignore-rules';
import { watch, type FSWatcher } from 'chokidar';
import { once } from 'node:events';
import path from 'node:path';
import { CommandError } from '../errors/command-error.js';
import { functionFileName } from '../function-file/function-file.js';
import { slashed } from '../packing/folder-entries.js';
import { readIgnoreFile } from '../packing/pack-folder.js';

const alwaysWatched: readonly string[] = [functionFileName, ignoreFileName];

export interface FolderWatch {
  /** Of what went wrong with watching; it then goes on without those changes. */
  readonly failed: Promise<CommandError>;
  stop(): Promise<void>;
}

/** `folder` is a real path. Changes from the moment it resolves are told. */
export async function watchFolder(folder: string, onChange: () => void): Promise<FolderWatch> {
  let isIgnored = ignoreRules(await readIgnoreFile(folder));
  const watcher = watch(folder, {
    ignoreInitial: true,
    ignored: (file, stats) => isLeftOut(file, stats?.isDirectory() === true),
  });
  watcher.on('all', (_event, file) => {
    if (path.basename(file) !== ignoreFileName) {
      onChange();
      return;
    }
    void readIgnoreFile(folder).then((text) => {
      isIgnored = ignoreRules(text);
      onChange();
    }, onChange);
  });
  const failed = once(watcher, 'error').then(([error]) => watchError(error, folder));
  // It may never be looked at.
  failed.catch(() => undefined);
  await ready(watcher, failed);
  return { failed, stop: () => watcher.close() };

  function isLeftOut(file: string, isDirectory: boolean): boolean {
    const relative = slashed(path.relative(folder, file));
    // What links lead to outside the folder is no part of its rules.
    if (relative === '' || relative.startsWith('..')) return false;
    if (alwaysWatched.includes(relative)) return false;
    // Packages are packed or installed as package.json and its lock file say; those are watched.
    if (relative.split('/').includes('node_modules')) return true;
    return isIgnored(isDirectory ? `${relative}/` : relative);
  }
}

async function ready(watcher: FSWatcher, failed: Promise<CommandError>): Promise<void> {
  const failure = await Promise.race([once(watcher, 'ready').then(() => undefined), failed]);
  if (failure === undefined) return;
  await watcher.close();
  throw failure;
}

function watchError(error: unknown, folder: string): CommandError {
  const { code, message } = error as NodeJS.ErrnoException;
  const hint =
    code === 'ENOSPC'
      ? 'This machine watches as many files as it may: raise fs.inotify.max_user_watches, or name folders that are not needed in .glambdarignore.'
      : 'Start it again.';
  return new CommandError('refused', `${folder} cannot be watched (${code ?? message}).`, hint);
}

import type { Log } from '../log/log.js';
import { quotedList } from '../safe-text.js';

/** Tells the operator of what a sweep has left alone; `paths` are those below the server's directory. */
export function warnOfForeign(log: Log, paths: readonly string[]): void {
  if (paths.length === 0) return;
  log.warn(
    { found: quotedList(paths) },
    "something lies in the server's directory that the server did not make; it was left alone: move it away",
  );
}

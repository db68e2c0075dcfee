import { join } from 'node:path';
import type { Log } from '../log/log.js';
import { quotedList } from '../safe-text.js';

/** Where an installation is, and what it is called. */
export interface InstallationPlace {
  /** Absolute, with no symbolic link in it. */
  readonly directory: string;
  /** Eight hexadecimal digits, the same for as long as the directory lives. */
  readonly id: string;
}

/** One server's own directory: what lies where in it, and the name that its containers carry. */
export class Installation {
  /** Asked each time, because the server's own place is known only once its directory has been opened. */
  constructor(private readonly place: () => InstallationPlace) {}

  static at(directory: string, id: string): Installation {
    const place = { directory, id };
    return new Installation(() => place);
  }

  get directory(): string {
    return this.place().directory;
  }

  get id(): string {
    return this.place().id;
  }

  /** The database's file. */
  get database(): string {
    return join(this.directory, 'glambdar.sqlite');
  }

  /** Keys and the audit log: a file of their own, so that a restored backup of functions brings back no revoked key. */
  get accessDatabase(): string {
    return join(this.directory, 'access.sqlite');
  }

  /** What functions printed and how their calls went: its loss loses no function. */
  get recordsDatabase(): string {
    return join(this.directory, 'records.sqlite');
  }

  /** Published code: `functions/<name>/<version id>/`. */
  get functions(): string {
    return join(this.directory, 'functions');
  }

  /** What is being unpacked; the same file system as `functions`, so publishing is a rename. */
  get staging(): string {
    return join(this.directory, 'staging');
  }

  /** Sockets, one directory per container. */
  get run(): string {
    return join(this.directory, 'run');
  }
}

/** The server cannot use its directory. `message` is for whoever started it, names the directory and says what to do. */
export class InstallationError extends Error {
  override readonly name: string = 'InstallationError';
}

/** Tells the operator of what a sweep has left alone; `paths` are those below the server's directory. */
export function warnOfForeign(log: Log, paths: readonly string[]): void {
  if (paths.length === 0) return;
  log.warn(
    { found: quotedList(paths) },
    "the server's directory contains something that the server did not create; it was left alone: move it away",
  );
}

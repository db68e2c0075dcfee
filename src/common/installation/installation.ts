import { join } from 'node:path';

/** One server's own directory: what lies where in it, and the name that its containers carry. */
export class Installation {
  /** The database's file. */
  readonly database: string;
  /** Keys and the audit log: a file of their own, so that a restored backup of functions brings back no revoked key. */
  readonly accessDatabase: string;
  /** What functions printed and how their calls went: its loss loses no function. */
  readonly recordsDatabase: string;
  /** Published code: `functions/<name>/<version id>/`. */
  readonly functions: string;
  /** What is being unpacked; the same file system as `functions`, so publishing is a rename. */
  readonly staging: string;
  /** Sockets, one directory per container. */
  readonly run: string;

  constructor(
    /** Absolute, with no symbolic link in it. */
    readonly directory: string,
    /** Eight hexadecimal digits, the same for as long as the directory lives. */
    readonly id: string,
  ) {
    this.database = join(directory, 'glambdar.sqlite');
    this.accessDatabase = join(directory, 'access.sqlite');
    this.recordsDatabase = join(directory, 'records.sqlite');
    this.functions = join(directory, 'functions');
    this.staging = join(directory, 'staging');
    this.run = join(directory, 'run');
  }
}

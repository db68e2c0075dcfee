import { join } from 'node:path';
import type { Log } from '../log/log.js';
import { quotedList } from '../safe-text.js';

/** Names one server among those that may share an installation: eight hexadecimal digits. Its containers carry it. */
export type NodeId = string & { readonly brand: 'NodeId' };

/** Where this server keeps what it keeps, and what it is called. */
export interface InstallationPlace {
  /** Absolute, with no symbolic link in it. */
  readonly directory: string;
  /** The same for as long as the directory lives. */
  readonly nodeId: NodeId;
}

/** What is one server's alone, and all that it may clean up: its containers by its id, and these directories. */
export interface ServerNode {
  readonly id: NodeId;
  /** What is being unpacked; the same file system as published code, so publishing is a rename. */
  readonly staging: string;
  /** Sockets, one directory per container. */
  readonly run: string;
}

/**
 * What the servers of an installation share, and the `node` that this one is. Today one server works on a directory, so
 * both are in it; a store across a network takes the shared part elsewhere.
 */
export class Installation {
  /** Asked each time, because the server's own place is known only once its directory has been opened. */
  constructor(private readonly place: () => InstallationPlace) {}

  static at(directory: string, nodeId: string): Installation {
    const place = { directory, nodeId: nodeId as NodeId };
    return new Installation(() => place);
  }

  get directory(): string {
    return this.place().directory;
  }

  get node(): ServerNode {
    const { directory, nodeId: id } = this.place();
    return { id, staging: join(directory, 'staging'), run: join(directory, 'run') };
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

  /** Builds and their logs: their loss loses no function. */
  get buildsDatabase(): string {
    return join(this.directory, 'builds.sqlite');
  }

  /** Events, the keys of idempotent requests, and how far schedules have come. */
  get eventsDatabase(): string {
    return join(this.directory, 'events.sqlite');
  }

  /** Published code: `functions/<name>/<version id>/`. */
  get functions(): string {
    return join(this.directory, 'functions');
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

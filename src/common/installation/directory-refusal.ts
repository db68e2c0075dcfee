import { quotedList } from '../safe-text.js';
import { InstallationError } from './installation-error.js';
import type { Ownership } from './whose-directory.js';

/** Why the server keeps its files elsewhere; each says what was found and what to do. Nothing has been changed by then. */
export const refused = {
  foreign: (directory: string, names: readonly string[]) =>
    new InstallationError(
      `${directory} holds what is not Glambdar's: ${quotedList(names)}. Nothing was changed. ` +
        'Let GLAMBDAR_DIR name an empty directory or a new one. If this is a restored backup, glambdar.sqlite has to ' +
        'be in it and nothing that Glambdar did not make.',
    ),
  damaged: (directory: string) =>
    new InstallationError(
      `The file installation-id in ${directory} is damaged. Restore it from a backup; if there is none, delete it ` +
        "after removing this server's containers.",
    ),
  noDirectory: (directory: string) =>
    new InstallationError(
      `${directory} is not a directory. Let GLAMBDAR_DIR name an empty directory or a new one.`,
    ),
  otherUsers: (directory: string, uid: number) =>
    new InstallationError(
      `${directory} belongs to another user (uid ${uid}). Start this as that user, choose another directory with GLAMBDAR_DIR, or give this one away with chown.`,
    ),
  everybodys: (directory: string) =>
    new InstallationError(
      `${directory} belongs to the whole system. Let GLAMBDAR_DIR name a directory below it.`,
    ),
  unusable: (directory: string, cause: unknown) =>
    new InstallationError(
      `The directory ${directory} cannot be made, read or written by this user. Choose another one with GLAMBDAR_DIR, or give it to the user that runs the server.`,
      { cause },
    ),
  tooLong: (directory: string, excessBytes: number) =>
    new InstallationError(
      `The path ${directory} is ${excessBytes} bytes too long for the sockets below it. Choose a shorter one with GLAMBDAR_DIR.`,
    ),
  networkFileSystem: (directory: string, type: string) =>
    new InstallationError(
      `${directory} lies on a network file system (${type}), which can corrupt the database. Choose a local directory with GLAMBDAR_DIR.`,
    ),
} as const;

/** Throws unless the server may make the directory its own. */
export function refuseForeign(directory: string, whose: Ownership): void {
  if (whose.kind === 'foreign') throw refused.foreign(directory, whose.names);
  if (whose.kind === 'damaged') throw refused.damaged(directory);
}

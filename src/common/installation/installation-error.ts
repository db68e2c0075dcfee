/** The server cannot use its directory. `message` is for whoever started it, names the directory and says what to do. */
export class InstallationError extends Error {
  override readonly name: string = 'InstallationError';
}

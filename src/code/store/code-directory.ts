import { join } from 'node:path';
import { directoryNameOf, type FunctionName } from '../../functions/function-name.js';
import type { VersionKey } from '../../functions/function.js';

/** The server's own identifiers only; nothing of a client may ever reach a path by this way. */
const versionIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** Where code lies below the installation's directory; both parts are on one file system, so code moves by rename. */
export class CodeDirectory {
  constructor(private readonly installation: { readonly directory: string }) {}

  /** Absolute; exists. */
  get path(): string {
    return this.installation.directory;
  }

  get functions(): string {
    return join(this.path, 'functions');
  }

  get staging(): string {
    return join(this.path, 'staging');
  }

  ofFunction(name: FunctionName): string {
    return join(this.functions, directoryNameOf(name));
  }

  ofVersion({ name, versionId }: VersionKey): string {
    if (!versionIdPattern.test(versionId)) throw new Error('A version id is not one of ours.');
    return join(this.ofFunction(name), versionId);
  }
}

import { isAbsolute, join } from 'node:path';

/** Who runs the server, as far as it decides where its files lie. */
export interface ServerUser {
  readonly isRoot: boolean;
  readonly home: string;
  /** `$XDG_DATA_HOME`; a relative one counts as unset, as its specification demands. */
  readonly dataHome: string | undefined;
}

export function defaultDirectory({ isRoot, home, dataHome }: ServerUser): string {
  if (isRoot) return '/var/lib/glambdar';
  if (dataHome !== undefined && isAbsolute(dataHome)) return join(dataHome, 'glambdar');
  return join(home, '.local', 'share', 'glambdar');
}

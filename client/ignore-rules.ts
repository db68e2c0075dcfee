/** Which files of a folder stay out of an archive, by the rules of `.gitignore`. */
import ignore from 'ignore';

export const ignoreFileName = '.glambdarignore';

/** What desktops and version control leave behind; it is in no package for a purpose. */
const clutter = ['.DS_Store', 'Thumbs.db', 'desktop.ini', '__MACOSX', '._*', '.git', '.hg', '.svn'] as const;

/** Secrets of the machine on which the function is written, and what editors and package managers keep. */
const ofWorkplace = [
  ...['.env', '.env.*', '.envrc', '.npmrc', '.yarnrc', '.yarnrc.yml', '.netrc', '.ssh', '.aws'],
  '.git*',
  ...['.idea', '.vscode', '.vs', '.fleet', '.zed'],
  ...['.npm', '.yarn', '.pnpm-store', '.cache', '.nyc_output'],
  ...['npm-debug.log*', 'yarn-debug.log*', 'yarn-error.log*', 'pnpm-debug.log*'],
  ...['*~', '.#*', '\\#*#', '.*.sw[a-p]'],
  // They say how the code is deployed and are no part of it: a changed setting leaves the code's digest as it is.
  ...['/glambdar.json', `/${ignoreFileName}`],
] as const;

/** Whether a path stays out; relative to the folder, with forward slashes, that of a directory with one at its end. */
export type IgnoreRules = (path: string) => boolean;

const cluttered = rulesOf(clutter);

/** Of a package that was installed. */
export function isClutter(name: string): boolean {
  return cluttered(name);
}

/**
 * Of a folder that somebody works in: the rules that always apply, then those of its `.glambdarignore`, which may take
 * back (`!.env.example`) what the first leave out.
 */
export function ignoreRules(ignoreFile = ''): IgnoreRules {
  return rulesOf(clutter, ofWorkplace, ignoreFile);
}

function rulesOf(...groups: readonly (string | readonly string[])[]): IgnoreRules {
  const rules = ignore({ ignorecase: false });
  for (const group of groups) rules.add(group);
  return (path) => rules.ignores(path);
}

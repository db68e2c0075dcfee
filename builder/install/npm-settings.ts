/** Settings of an uploaded `.npmrc` that say how packages are put together, and not from where or by what. */
const harmless = new Set([
  'engine-strict',
  'install-strategy',
  'legacy-peer-deps',
  'prefer-dedupe',
  'strict-peer-deps',
]);

export interface ProjectSettings {
  /** What npm gets as the project's `.npmrc`. */
  readonly text: string;
  /** Names of settings that were left out; never their values, which may be secrets. */
  readonly ignored: readonly string[];
}

/** What counts of an uploaded `.npmrc`: a file of the upload must not choose a registry, a proxy or a program. */
export function projectSettings(npmrc: string): ProjectSettings {
  const lines = npmrc
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^[#;]/.test(line));
  const kept = lines.filter((line) => harmless.has(nameOf(line)));
  const ignored = lines.filter((line) => !harmless.has(nameOf(line))).map(nameOf);
  return { text: kept.map((line) => `${line}\n`).join(''), ignored: [...new Set(ignored)] };
}

function nameOf(line: string): string {
  return (line.split('=', 1)[0] ?? '').trim();
}

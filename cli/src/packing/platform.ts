/** Which packages with compiled code run where the function will run. */

/** As `package.json` names them. */
export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc: string;
}

type Restrictions = Partial<Record<keyof Platform, string | readonly string[]>>;

/** Those that servers run on. */
export const processors = ['x64', 'arm64'] as const;

export type Processor = (typeof processors)[number];

/** The machine with the engine is most often this one. */
export function containerPlatform(cpu: string = process.arch): Platform {
  return { os: 'linux', cpu, libc: 'glibc' };
}

/**
 * Whether a package says that it runs there. Those that say nothing of the C library and are for musl say so in their
 * name alone.
 */
export function runsOn(name: string, manifest: Restrictions, platform: Platform): boolean {
  const allowed =
    allows(manifest.os, platform.os) &&
    allows(manifest.cpu, platform.cpu) &&
    allows(manifest.libc, platform.libc);
  return allowed && !(manifest.os !== undefined && /\bmusl\b/.test(name));
}

/** Whether a package is for that platform by its name, as those are called that hold compiled code for one. */
export function isNamedFor(name: string, platform: Platform): boolean {
  const words = name.split(/[^a-z0-9]+/i);
  return words.includes(platform.os) && words.includes(platform.cpu) && !name.includes('musl');
}

function allows(list: string | readonly string[] | undefined, value: string): boolean {
  const items = list === undefined ? [] : [list].flat();
  if (items.includes(`!${value}`)) return false;
  const wanted = items.filter((item) => !item.startsWith('!') && item !== 'any');
  return wanted.length === 0 || wanted.includes(value);
}

/** Which packages run in a function's container: Linux with glibc, whatever this machine is. */

/**
 * @typedef {{ os: string, cpu: string, libc: string }} Platform as `package.json` names them
 * @typedef {{ os?: string | string[], cpu?: string | string[], libc?: string | string[] }} Restrictions
 */

/** The machine with the engine is most often this one. @param {string} [cpu] @returns {Platform} */
export function containerPlatform(cpu = process.arch) {
  return { os: 'linux', cpu, libc: 'glibc' };
}

/**
 * Whether a package says that it runs there. Those that say nothing of the C library and are for musl say so in their
 * name alone.
 * @param {string} name
 * @param {Restrictions} manifest
 * @param {Platform} platform
 */
export function runsOn(name, manifest, platform) {
  const allowed =
    allows(manifest.os, platform.os) &&
    allows(manifest.cpu, platform.cpu) &&
    allows(manifest.libc, platform.libc);
  return allowed && !(manifest.os !== undefined && /\bmusl\b/.test(name));
}

/**
 * Whether a package is for that platform by its name, as those are called that hold compiled code for one.
 * @param {string} name
 * @param {Platform} platform
 */
export function isNamedFor(name, platform) {
  const words = name.split(/[^a-z0-9]+/i);
  return words.includes(platform.os) && words.includes(platform.cpu) && !/musl/.test(name);
}

/** @param {string | string[] | undefined} list @param {string} value */
function allows(list, value) {
  const items = list === undefined ? [] : [list].flat();
  if (items.includes(`!${value}`)) return false;
  const wanted = items.filter((item) => !item.startsWith('!') && item !== 'any');
  return wanted.length === 0 || wanted.includes(value);
}

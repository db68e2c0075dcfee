/**
 * Where packages go in an archive, so that each finds there what it finds on this machine. Pure.
 *
 * The folder's own `node_modules` and those of the folders above it become one, as there is nothing above an archive's
 * root. Every package is placed once: where it is now if that is free, else inside the one that asks for it. Whoever
 * would then find another package of that name gets a link, which Node.js follows to the package's one real place: so
 * versions stay apart, and packages that need each other end.
 */
import path from 'node:path';
import { slashed } from './folder-entries.js';
import type { Needs } from './installed-packages.js';

export interface PackagePlaces {
  /** By directory, that of the function's own folder being empty. */
  readonly places: Map<string, string>;
  /** The places of links and the place each leads to. */
  readonly links: Map<string, string>;
}

/** The function's folder is the first of those with needs. */
export function packagePlaces(needs: ReadonlyMap<string, Needs>): PackagePlaces {
  const [root = ''] = needs.keys();
  const places = new Map([[root, '']]);
  /** Directories by the places that they or links to them take. */
  const taken = new Map<string, string>();
  const links = new Map<string, string>();

  for (const [asking, needed] of needs) {
    const from = places.get(asking) ?? '';
    for (const [name, directory] of needed) {
      if (places.has(directory)) continue;
      const place = [placeNow(directory, places), `node_modules/${name}`, inside(from, name)].find(
        (candidate) => candidate !== undefined && !taken.has(candidate) && !isHidden(from, name, candidate),
      );
      if (place === undefined) throw new Error(`no place is left for the package ${name}`);
      places.set(directory, place);
      taken.set(place, directory);
    }
  }
  // A link may stand in the way of another package's: each is made once, so this ends.
  for (let missing = firstUnfound(); missing !== undefined; missing = firstUnfound()) {
    taken.set(missing.link, missing.directory);
    links.set(missing.link, places.get(missing.directory) ?? '');
  }
  return { places, links };

  function firstUnfound(): { readonly link: string; readonly directory: string } | undefined {
    for (const [asking, needed] of needs) {
      const from = places.get(asking) ?? '';
      for (const [name, directory] of needed) {
        if (foundFrom(from, name) !== directory) return { link: inside(from, name), directory };
      }
    }
    return undefined;
  }

  /** What Node.js finds. */
  function foundFrom(from: string, name: string): string | undefined {
    const place = candidates(from, name).find((candidate) => taken.has(candidate));
    return place === undefined ? undefined : taken.get(place);
  }

  /** Whether somebody would not find what was put there. */
  function isHidden(from: string, name: string, place: string): boolean {
    const nearest = candidates(from, name).find((candidate) => candidate === place || taken.has(candidate));
    return nearest !== place;
  }
}

/** Inside another package where that has been placed, as npm nests versions. */
function placeNow(directory: string, places: ReadonlyMap<string, string>): string | undefined {
  const modules = `${path.sep}node_modules${path.sep}`;
  const at = directory.lastIndexOf(modules);
  const owner = at < 0 ? undefined : places.get(directory.slice(0, at));
  return owner === undefined ? undefined : inside(owner, slashed(directory.slice(at + modules.length)));
}

function inside(place: string, name: string): string {
  return place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
}

/** The places in which Node.js looks, nearest first. */
function candidates(from: string, name: string): string[] {
  const found: string[] = [];
  for (
    let place = from;
    place !== '';
    place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))
  ) {
    found.push(inside(place, name));
  }
  return [...found, inside('', name)];
}

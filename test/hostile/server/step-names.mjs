/** Names of the server's writes, the same in every run: what is done, and to which of its files, or where in a database. */
import { basename, relative } from 'node:path';

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const ofContainer = /(?<=^run\/)[0-9a-f]+/;

/** Descriptors and handles do not tell their paths, nor statements their databases, so who opened them does. */
const owners = new WeakMap();
const pathOfDescriptor = new Map();

export function remember(opened, from) {
  if (typeof opened === 'number') pathOfDescriptor.set(opened, from);
  else owners.set(opened, from);
}

export const owner = (opened) => owners.get(opened);

/** Such as `rename staging/a functions/b`, with `*` in place of what is new in every run. */
export function fileStep(directory, name, target, args) {
  const takesTwo = ['rename', 'link', 'copyFile'].includes(name.replace(/Sync$/, ''));
  const places = owners.has(target) ? [owners.get(target)] : args.slice(0, takesTwo ? 2 : 1);
  return [name, ...places.map((place) => pathOf(directory, place))].join(' ');
}

/** The database and the first words, which name the table. */
export function sqlStep(database, sql) {
  const words = sql.trim().split(/\s+/).slice(0, 3).join(' ').toLowerCase();
  return `${basename(database.location(), '.sqlite')}: ${words}`;
}

function pathOf(directory, place) {
  const path = typeof place === 'number' ? pathOfDescriptor.get(place) : place;
  if (typeof path !== 'string') return '?';
  return relative(directory, path).replace(uuid, '*').replace(ofContainer, '*') || '.';
}

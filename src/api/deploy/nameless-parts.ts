import type { EventEmitter } from 'node:events';

/** By request: names of parts that were sent as bytes but without a file name. */
const namesByRequest = new WeakMap<object, string[]>();

/**
 * multer passes over a part of the type `application/octet-stream` that names no file, and says nothing: settings sent so
 * would be lost. `parser` is its own, which tells of every part.
 */
export function noteNamelessParts(request: object, parser: EventEmitter): void {
  const names: string[] = [];
  namesByRequest.set(request, names);
  parser.on('file', (name: unknown, _content: unknown, { filename }: { readonly filename?: string }) => {
    if (!filename && typeof name === 'string') names.push(name);
  });
}

export function namelessPartsOf(request: object): readonly string[] {
  return namesByRequest.get(request) ?? [];
}

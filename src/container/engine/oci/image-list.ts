/** What an image holds below its root directory, as it was when it was made. */
export type ListedEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export interface ImageList {
  readonly reference: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entries: readonly ListedEntry[];
}

/** Reads the `image.json` beside an image's root directory; undefined if it is not one. */
export function parseImageList(text: string): ImageList | undefined {
  const list = recordIn(text);
  const { reference, environment, entries } = list ?? {};
  if (typeof reference !== 'string' || !isEnvironment(environment)) return undefined;
  if (!Array.isArray(entries) || !entries.every(isEntry)) return undefined;
  return { reference, environment, entries };
}

function recordIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEnvironment(value: unknown): value is Record<string, string> {
  return isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
}

function isEntry(value: unknown): value is ListedEntry {
  if (!isRecord(value) || typeof value['path'] !== 'string') return false;
  switch (value['kind']) {
    case 'directory':
      return Number.isInteger(value['mode']);
    case 'file':
      return (
        Number.isInteger(value['mode']) &&
        Number.isInteger(value['bytes']) &&
        typeof value['sha256'] === 'string'
      );
    case 'link':
      return typeof value['target'] === 'string';
    default:
      return false;
  }
}

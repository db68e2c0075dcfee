/** One of the things that something was caused by. */
export interface ChainLink {
  readonly value: unknown;
  /** 0 of what was thrown. */
  readonly depth: number;
  /** What it is to the one above it, in the words of Node's own print of errors; empty of what was thrown. */
  readonly label: string;
}

/**
 * What was thrown, then its cause and the errors that it gathers, each followed by its own: `limit` at most, none of
 * them twice. Getters and proxies may throw or make a new cause for ever.
 */
export function chainOf(thrown: unknown, limit: number): [ChainLink, ...ChainLink[]] {
  const first = { value: thrown, depth: 0, label: '' };
  const links: [ChainLink, ...ChainLink[]] = [first];
  const seen = new Set([thrown]);
  const waiting = causesOf(first, limit);
  for (let next = waiting.shift(); next && links.length < limit; next = waiting.shift()) {
    if (seen.has(next.value)) continue;
    seen.add(next.value);
    links.push(next);
    waiting.unshift(...causesOf(next, limit - links.length));
  }
  return links;
}

function causesOf({ value, depth }: ChainLink, limit: number): ChainLink[] {
  if (typeof value !== 'object' || value === null) return [];
  const members = [
    // The order is that of events: what is told last is what it all began with.
    ...gathered(value, limit).map((error, index) => ({ value: error, label: `errors.${index}` })),
    ...(read(value, 'name') === 'SuppressedError' ? suppressed(value) : []),
    { value: read(value, 'cause'), label: 'cause' },
  ];
  return members.filter((member) => isCause(member.value)).map((member) => ({ ...member, depth: depth + 1 }));
}

/** Of an `AggregateError`: all that failed, as of the addresses that a connection tried. */
function gathered(value: object, limit: number): unknown[] {
  const errors = read(value, 'errors');
  try {
    if (!Array.isArray(errors)) return [];
    return Array.from({ length: Math.min(errors.length, limit) }, (_, index) => read(errors, index));
  } catch {
    return [];
  }
}

function suppressed(value: object): { value: unknown; label: string }[] {
  return ['error', 'suppressed'].map((label) => ({ value: read(value, label), label }));
}

/** A function is the way of some libraries to ask for the cause, and no cause itself. */
function isCause(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'function';
}

function read(value: object, member: string | number): unknown {
  try {
    return (value as Record<string | number, unknown>)[member];
  } catch {
    return undefined;
  }
}

import type { CallPhases } from '../waterfall.js';

/** What `Server-Timing` says of a call. */
export interface ServerTiming extends CallPhases {
  /** Where the container came from. */
  readonly origin: string | null;
}

const longestHeader = 4096;
const metric = /^\s*([\w-]+)\s*(?:;(.*))?$/s;

/**
 * The phases in `Server-Timing` (https://www.w3.org/TR/server-timing/). A function may send that header itself, so
 * anything may stand in it.
 */
export function serverTimingOf(header: string | null): ServerTiming {
  const found = new Map<string, { ms: number | null; description: string | null }>();
  for (const part of (header ?? '').slice(0, longestHeader).split(',')) {
    const [, name, parameters = ''] = metric.exec(part) ?? [];
    if (name !== undefined && !found.has(name)) found.set(name, parametersOf(parameters));
  }
  return {
    queueMs: found.get('queue')?.ms ?? null,
    containerMs: found.get('container')?.ms ?? null,
    handlerMs: found.get('handler')?.ms ?? null,
    origin: found.get('container')?.description ?? null,
  };
}

function parametersOf(text: string) {
  const duration = /(?:^|;)\s*dur\s*=\s*"?(\d+(?:\.\d+)?)/.exec(text)?.[1];
  const description = /(?:^|;)\s*desc\s*=\s*(?:"([^"]*)"|([\w-]+))/.exec(text);
  return {
    ms: duration === undefined ? null : Number(duration),
    description: description?.[1] ?? description?.[2] ?? null,
  };
}

/** A phase of a call, as wide as it took. */
export interface WaterfallBar {
  readonly phase: 'queue' | 'container' | 'handler' | 'rest' | 'network';
  readonly ms: number;
  readonly startPercent: number;
  readonly widthPercent: number;
}

/** What is known of how long a call took; null and undefined are what is not. */
export interface CallPhases {
  readonly queueMs: number | null;
  readonly containerMs: number | null;
  readonly handlerMs: number | null;
  /** From the first byte that the server saw to the last that it sent. */
  readonly totalMs?: number | null;
  /** As the page measured it, the way to the server and back included. */
  readonly measuredMs?: number | null;
}

/** Less than this is the error of the measurement, not a phase. */
const leastRestMs = 0.05;

/**
 * The phases after one another on a scale of 100 percent. A function may claim anything of its own phases, so what is no
 * duration counts as unknown, and what exceeds the whole makes the whole longer.
 */
export function waterfallOf(phases: CallPhases): {
  readonly bars: readonly WaterfallBar[];
  readonly totalMs: number;
} {
  const known = [
    { phase: 'queue' as const, ms: duration(phases.queueMs) },
    { phase: 'container' as const, ms: duration(phases.containerMs) },
    { phase: 'handler' as const, ms: duration(phases.handlerMs) },
  ].filter((part) => part.ms !== undefined) as { phase: WaterfallBar['phase']; ms: number }[];
  const sum = () => known.reduce((total, { ms }) => total + ms, 0);
  const rest = (duration(phases.totalMs) ?? 0) - sum();
  if (rest > leastRestMs) known.push({ phase: 'rest', ms: rest });
  const network = (duration(phases.measuredMs) ?? 0) - sum();
  if (network > leastRestMs) known.push({ phase: 'network', ms: network });
  const totalMs = sum();
  let startMs = 0;
  const bars = known.map(({ phase, ms }) => {
    const bar = { phase, ms, startPercent: percent(startMs, totalMs), widthPercent: percent(ms, totalMs) };
    startMs += ms;
    return bar;
  });
  return { bars, totalMs };
}

const longestMs = 7 * 24 * 3600 * 1000;

function duration(ms: number | null | undefined): number | undefined {
  return typeof ms === 'number' && ms >= 0 && ms <= longestMs ? ms : undefined;
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : (part / whole) * 100;
}

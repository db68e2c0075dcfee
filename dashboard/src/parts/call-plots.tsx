import { useMemo } from 'preact/hooks';
import { highest, latest, timesOf, totalsOf } from '../api/series.js';
import type { StatsSeries } from '@glambdar/client';
import { count, counted, duration } from '../format/units.js';
import { Plot } from './plot.js';

export interface CallPlotsProps {
  readonly series: StatsSeries;
  readonly stepSeconds: number;
  /** "in the last hour" */
  readonly within: string;
}

/** Calls, failures and durations over time, of one function or of all. */
export function CallPlots({ series, stepSeconds, within }: CallPlotsProps) {
  const drawn = useMemo(() => linesOf(series, stepSeconds), [series, stepSeconds]);
  const totals = totalsOf(series);
  const each = stepSeconds === 60 ? 'minute' : `${stepSeconds / 60} minutes`;
  const slowest = highest(series.p99Ms);
  return (
    <div class="plots">
      <Plot
        title="Calls"
        note={`each ${each}`}
        summary={`${counted(totals.calls, 'call')} ${within}, ${count(totals.errors)} of them failed: ${count(totals.callerErrors)} because of callers, ${count(totals.functionErrors)} because of functions, ${count(totals.platformErrors)} because of the server.`}
        times={drawn.times}
        series={drawn.calls}
        format={count}
        isCounted
      />
      <Plot
        title="Duration"
        note="half of the calls (p50), and 99 of 100 (p99), took no longer"
        summary={
          slowest === null
            ? `No call ran ${within}.`
            : `Lately half of the calls took at most ${duration(latest(series.p50Ms) ?? 0)}, and 99 of 100 at most ${duration(latest(series.p99Ms) ?? 0)}; at worst ${duration(slowest)} ${within}.`
        }
        times={drawn.times}
        series={drawn.durations}
        format={duration}
      />
    </div>
  );
}

function linesOf(series: StatsSeries, stepSeconds: number) {
  return {
    times: timesOf(series, stepSeconds),
    calls: [
      { label: 'Calls', tone: 'accent', values: series.calls },
      { label: 'failed by caller', tone: 'quiet', values: series.callerErrors },
      { label: 'by function', tone: 'bad', values: series.functionErrors },
      { label: 'by server', tone: 'warn', values: series.platformErrors },
    ],
    durations: [
      { label: 'p50', tone: 'accent', values: series.p50Ms },
      { label: 'p99', tone: 'warn', values: series.p99Ms },
    ],
  } as const;
}

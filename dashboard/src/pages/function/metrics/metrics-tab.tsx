import type { StatsResponse } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { highest, totalsOf } from '../../../api/series.js';
import { loadStats, type Range, ranges } from '../../../api/stats.js';
import { usePolled } from '../../../api/use-polled.js';
import { count, duration, percent } from '../../../format/units.js';
import { CallPlots } from '../../../parts/call-plots.js';
import { Choices } from '../../../parts/choices.js';
import { Loaded } from '../../../parts/loaded.js';
import { Message } from '../../../parts/message.js';
import { Tile } from '../../../parts/tile.js';
import type { FunctionTabProps } from '../function-tabs.js';

const refreshMs = 5000;

/** The function's calls over time. */
export function MetricsTab({ name }: FunctionTabProps) {
  const [range, setRange] = useState<Range>(ranges[0]);
  const stats = usePolled(
    (signal) => loadStats({ minutes: range.minutes, functionName: name }, signal),
    refreshMs,
    [name, range],
  );
  return (
    <div class="stack">
      <div>
        <Choices
          label="How far back"
          choices={ranges.map(({ minutes, title }) => ({ value: minutes, title }))}
          chosen={range.minutes}
          onChoose={(minutes) => {
            setRange(ranges.find((one) => one.minutes === minutes) ?? ranges[0]);
          }}
        />
      </div>
      <Loaded from={stats} what="the metrics">
        {(data) => <Numbers stats={data} within={range.within} />}
      </Loaded>
    </div>
  );
}

function Numbers({ stats, within }: { readonly stats: StatsResponse; readonly within: string }) {
  const { series, stepSeconds, attention } = stats;
  if (series === null) return <p class="muted">Nothing was measured {within}.</p>;
  const { calls, errors, functionErrors } = totalsOf(series);
  const slowest = highest(series.p99Ms);
  return (
    <>
      {attention.map(({ severity, code, message }) => (
        <Message key={code} tone={severity === 'error' ? 'bad' : 'warn'}>
          {message}
        </Message>
      ))}
      <dl class="tiles">
        <Tile title="Calls" value={count(calls)} note={within} />
        <Tile
          title="Failed"
          value={calls === 0 ? '–' : percent(errors / calls)}
          note={`${count(functionErrors)} by the function`}
        />
        <Tile
          title="Slowest"
          value={slowest === null ? '–' : duration(slowest)}
          note={`highest p99 ${within}`}
        />
      </dl>
      <CallPlots series={series} stepSeconds={stepSeconds} within={within} />
    </>
  );
}

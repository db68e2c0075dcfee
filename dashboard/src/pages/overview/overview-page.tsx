import type { StatsResponse } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { may } from '../../api/may.js';
import { loadStats, ranges, type Range } from '../../api/stats.js';
import { usePolled } from '../../api/use-polled.js';
import { CallPlots } from '../../parts/call-plots.js';
import { Choices } from '../../parts/choices.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { pathTo } from '../../routes.js';
import { AttentionList } from './attention-list.js';
import { BusiestFunctions } from './busiest-functions.js';
import { EventQueues } from './event-queues.js';
import { ServerTiles } from './server-tiles.js';

const refreshMs = 5000;

/** How the whole server does, and what somebody should look at. */
export function OverviewPage() {
  return may('metrics:read') ? <Measured /> : <Unmeasured />;
}

function Measured() {
  const [range, setRange] = useState<Range>(ranges[0]);
  const stats = usePolled((signal) => loadStats({ minutes: range.minutes }, signal), refreshMs, [range]);
  return (
    <Page
      title="Overview"
      actions={
        <Choices
          label="How far back"
          choices={ranges.map(({ minutes, title }) => ({ value: minutes, title }))}
          chosen={range.minutes}
          onChoose={(minutes) => {
            setRange(ranges.find((one) => one.minutes === minutes) ?? ranges[0]);
          }}
        />
      }
    >
      <Loaded from={stats} what="the numbers">
        {(data) => <Numbers stats={data} within={range.within} />}
      </Loaded>
    </Page>
  );
}

function Numbers({ stats, within }: { readonly stats: StatsResponse; readonly within: string }) {
  const { attention, server, series, stepSeconds, functions, events } = stats;
  return (
    <div class="stack">
      <AttentionList attention={attention} />
      {server !== null && <ServerTiles server={server} />}
      {series !== null && <CallPlots series={series} stepSeconds={stepSeconds} within={within} />}
      <BusiestFunctions functions={functions} within={within} />
      <EventQueues events={events} />
    </div>
  );
}

function Unmeasured() {
  return (
    <Page title="Overview">
      <Empty title="Your key may not read the numbers.">
        <p>
          Sign in with a key that has the scope <code>metrics:read</code>, or go to the{' '}
          <a href={pathTo.functions()}>functions</a>.
        </p>
      </Empty>
    </Page>
  );
}

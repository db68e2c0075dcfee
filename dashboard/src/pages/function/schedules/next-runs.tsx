import { dateTime } from '../../../format/time.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { timeIn } from './time-in-zone.js';

export interface NextRunsProps {
  readonly times: readonly string[];
  /** The schedule's; undefined where it has none of its own. */
  readonly timeZone: string | undefined;
}

/** When it runs next, and the times after that: in the reader's own time, and in the schedule's where that is another. */
export function NextRuns({ times, timeZone }: NextRunsProps) {
  const [first] = times;
  if (first === undefined) return <span class="muted">never</span>;
  return (
    <details class="next-runs">
      <summary>
        <RelativeTime at={first} />
      </summary>
      <ol aria-label="Next runs">
        {times.map((at) => (
          <li key={at}>
            <time dateTime={at}>{dateTime(at)}</time>
            <ElsewhereTime at={at} timeZone={timeZone} />
          </li>
        ))}
      </ol>
    </details>
  );
}

function ElsewhereTime({ at, timeZone }: { readonly at: string; readonly timeZone: string | undefined }) {
  const there = timeIn(timeZone, at);
  if (there === undefined || there === dateTime(at)) return null;
  return (
    <span class="muted">
      {' '}
      {there} in {timeZone}
    </span>
  );
}

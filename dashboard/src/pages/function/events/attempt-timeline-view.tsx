import type { EventResponse } from '@glambdar/client';
import { now } from '../../../clock.js';
import { dateTime } from '../../../format/time.js';
import { counted, duration } from '../../../format/units.js';
import { Badge } from '../../../parts/badge.js';
import { Button } from '../../../parts/button.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { OutcomeBadge } from '../outcome.js';
import { type Stretch, timelineOf, type TimelineRow } from './attempt-timeline.js';

export interface AttemptTimelineProps {
  readonly event: EventResponse;
  /** Opens the call of an attempt; undefined where the key may not see calls. */
  readonly onOpen: ((invocationId: string) => void) | undefined;
}

/** The attempts as a picture, one below the other: how long each was waited for, how long it ran, and what came of it. */
export function AttemptTimeline({ event, onOpen }: AttemptTimelineProps) {
  // What has ended does not grow, and is not drawn anew each second.
  const { rows, coming } = timelineOf(event, event.endedAt === null ? now.value : 0);
  const earlier = event.attemptCount - rows.length;
  if (rows.length === 0 && !coming) return <p class="muted">No attempt so far.</p>;
  return (
    <div class="stack">
      {earlier > 0 && (
        <p class="hint">
          The last {rows.length} are shown; {counted(earlier, 'attempt')} came before.
        </p>
      )}
      <ol class="attempts" aria-label="Attempts">
        {rows.map((row) => (
          <AttemptRow key={row.attempt.number} row={row} onOpen={onOpen} />
        ))}
        {coming && (
          <li class="attempt">
            <span class="muted">Next attempt</span>
            <Bars stretches={[['wait', coming]]} />
            <span class="attempt-facts">
              <RelativeTime at={event.nextAttemptAt} />
            </span>
          </li>
        )}
      </ol>
    </div>
  );
}

function AttemptRow({
  row: { attempt, wait, run, isLost },
  onOpen,
}: {
  readonly row: TimelineRow;
  readonly onOpen: AttemptTimelineProps['onOpen'];
}) {
  const { number, invocationId, outcome, code, message, startedAt } = attempt;
  const label = `Attempt ${number}`;
  return (
    <li class="attempt">
      {onOpen ? (
        <Button
          look="quiet"
          label={`${label}: its call and log`}
          onClick={() => {
            onOpen(invocationId);
          }}
        >
          {label}
        </Button>
      ) : (
        <span>{label}</span>
      )}
      <Bars stretches={[...(wait ? [['wait', wait] as const] : []), [outcome ?? 'running', run]]} />
      <span class="attempt-facts">
        {outcome === null ? (
          <Badge tone={isLost ? 'bad' : 'info'}>{isLost ? 'server ended' : 'running'}</Badge>
        ) : (
          <OutcomeBadge outcome={outcome} />
        )}
        <span>{isLost ? 'no end known' : `took ${duration(run.ms)}`}</span>
        {wait && wait.ms > 0 && <span class="muted">after {duration(wait.ms)}</span>}
        <time class="muted wide-only" dateTime={startedAt}>
          {dateTime(startedAt)}
        </time>
      </span>
      {(code !== null || message !== null) && (
        <p class="attempt-error">
          {code !== null && <code>{code}</code>} {message !== null && <ForeignText text={message} />}
        </p>
      )}
    </li>
  );
}

/** A picture of what the words beside it say. */
function Bars({ stretches }: { readonly stretches: readonly (readonly [string, Stretch])[] }) {
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {stretches.map(([kind, { startPercent, widthPercent }]) => (
        <rect
          key={kind}
          class={`attempt-${kind}`}
          x={Math.min(startPercent, 99.4)}
          y={kind === 'wait' ? 4 : 0}
          width={kind === 'wait' ? widthPercent : Math.max(widthPercent, 0.6)}
          height={kind === 'wait' ? 2 : 10}
        />
      ))}
    </svg>
  );
}

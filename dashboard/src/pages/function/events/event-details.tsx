import type { EventResponse } from '@glambdar/client';
import type { ComponentChildren } from 'preact';
import { bytes } from '../../../format/units.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { pathTo } from '../../../routes.js';
import { AttemptTimeline } from './attempt-timeline-view.js';
import { EventResultView } from './event-result-view.js';
import { EventSourceDetails } from './event-source.js';
import { EventStateBadge } from './event-state.js';

export interface EventDetailsProps {
  readonly event: EventResponse;
  readonly onOpenCall: ((invocationId: string) => void) | undefined;
}

/** All that is known of one event. */
export function EventDetails({ event, onOpenCall }: EventDetailsProps) {
  const { state, acceptedAt, endedAt, nextAttemptAt, function: name, result } = event;
  return (
    <div class="stack">
      <div class="row">
        <EventStateBadge state={state} />
        <span>
          accepted <RelativeTime at={acceptedAt} />
        </span>
        {endedAt !== null && (
          <span>
            ended <RelativeTime at={endedAt} />
          </span>
        )}
        {nextAttemptAt !== null && (
          <span>
            next attempt <RelativeTime at={nextAttemptAt} />
          </span>
        )}
      </div>
      <h3>Attempts</h3>
      <AttemptTimeline event={event} onOpen={onOpenCall} />
      <h3>Result</h3>
      <EventResultView name={name} result={result} />
      <h3>Where it comes from</h3>
      <Facts event={event} />
    </div>
  );
}

function Facts({ event }: { readonly event: EventResponse }) {
  const { id, function: name, request, orderingKey, depth, expiresAt, endedAt, followUp } = event;
  return (
    <dl class="pairs">
      <Fact title="Request">
        <span class="mono">
          {request.method} <ForeignText text={request.path} limit={500} />
        </span>
        , {bytes(request.bytes)}
      </Fact>
      <Fact title="Function">
        <a href={pathTo.oneFunction(name)}>{name}</a>
      </Fact>
      <Fact title="Made by">
        <EventSourceDetails event={event} />
        {depth > 0 && `, ${depth} deep`}
      </Fact>
      {orderingKey !== null && (
        <Fact title="Ordering key">
          <ForeignText text={orderingKey} limit={300} />
        </Fact>
      )}
      {endedAt === null && (
        <Fact title="Tried until">
          <RelativeTime at={expiresAt} />
        </Fact>
      )}
      {followUp !== null && (
        <Fact title="Then">
          <FollowUp followUp={followUp} />
        </Fact>
      )}
      <Fact title="Id">
        <code>{id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function FollowUp({ followUp }: { readonly followUp: NonNullable<EventResponse['followUp']> }) {
  const { function: name, eventId, refusal } = followUp;
  if (eventId !== null)
    return (
      <>
        {name} has <a href={pathTo.event(name, eventId)}>an event of its own</a>
      </>
    );
  return (
    <>
      nothing for {name}
      {refusal !== null && (
        <>
          : <ForeignText text={refusal} />
        </>
      )}
    </>
  );
}

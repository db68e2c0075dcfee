import type { InvocationResponse } from '@glambdar/client';
import { ForeignText } from '../../../parts/foreign-text.js';
import { pathTo } from '../../../routes.js';

/** What made a call, in a few words; of an event, with the way to it. */
export function InvocationTrigger({ invocation }: { readonly invocation: InvocationResponse }) {
  const { eventId, schedule } = invocation.trigger;
  if (eventId === undefined) return <>a request</>;
  return (
    <>
      {schedule !== undefined && (
        <>
          schedule <ForeignText text={schedule} limit={100} />,{' '}
        </>
      )}
      <a href={pathTo.event(invocation.function, eventId)}>event {eventId.slice(-12)}</a>
    </>
  );
}

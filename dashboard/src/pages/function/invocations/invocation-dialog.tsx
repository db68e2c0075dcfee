import { getInvocation, type InvocationResponse } from '@glambdar/client';
import type { ComponentChildren } from 'preact';
import { throwing } from '../../../api/client.js';
import { useLoaded } from '../../../api/use-polled.js';
import { dateTime } from '../../../format/time.js';
import { bytes, duration } from '../../../format/units.js';
import { Dialog } from '../../../parts/dialog.js';
import { Loaded } from '../../../parts/loaded.js';
import { CallLog } from '../call-log.js';
import { OutcomeBadge } from '../outcome.js';
import { Waterfall } from '../waterfall-view.js';
import { FailureView } from './failure-view.js';
import { InvocationTrigger } from './invocation-trigger.js';

export interface InvocationDialogProps {
  readonly name: string;
  readonly id: string;
  readonly onClose: () => void;
}

/** All that is known of one call. */
export function InvocationDialog({ name, id, onClose }: InvocationDialogProps) {
  const record = useLoaded(
    async (signal) => {
      const { data } = await getInvocation({ ...throwing, path: { id }, signal });
      return data;
    },
    [id],
  );
  return (
    <Dialog title={`Invocation ${id.slice(0, 8)}`} onClose={onClose}>
      <Loaded from={record} what="the invocation">
        {(invocation) => <Details name={name} invocation={invocation} />}
      </Loaded>
    </Dialog>
  );
}

function Details({ name, invocation }: { readonly name: string; readonly invocation: InvocationResponse }) {
  const { outcome, statusCode, startedAt, failure, phases, origin, id } = invocation;
  return (
    <div class="stack">
      <div class="row">
        <OutcomeBadge outcome={outcome} />
        {statusCode !== null && <span>status {statusCode}</span>}
        <span class="muted">{dateTime(startedAt)}</span>
      </div>
      {failure !== null && <FailureView failure={failure} />}
      <h3>Where the time went</h3>
      <Waterfall phases={phases} origin={origin} />
      <Facts invocation={invocation} />
      <h3>What it printed</h3>
      <CallLog name={name} id={id} />
    </div>
  );
}

function Facts({ invocation }: { readonly invocation: InvocationResponse }) {
  const { memoryPeakBytes, cpuTimeMs, version, revision, requestBytes, responseBytes, traceparent, id } =
    invocation;
  const facts: readonly (readonly [string, ComponentChildren])[] = [
    ['Made by', <InvocationTrigger invocation={invocation} />],
    ['Memory at most', memoryPeakBytes === null ? 'not measured' : bytes(memoryPeakBytes)],
    ['CPU time', cpuTimeMs === null ? 'not measured' : duration(cpuTimeMs)],
    ['Version', `${version}, revision ${revision}`],
    ['Request', bytes(requestBytes)],
    ['Answer', bytes(responseBytes)],
    ['Id', id],
    ['Trace', traceparent ?? 'none'],
  ];
  return (
    <dl class="pairs">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

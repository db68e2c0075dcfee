import type { InvocationResponse } from '@glambdar/client';
import { may } from '../../../api/may.js';
import { bytes, counted, duration } from '../../../format/units.js';
import { Badge, type Tone } from '../../../parts/badge.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { Message } from '../../../parts/message.js';
import { Spinner } from '../../../parts/progress.js';
import { CallLog } from '../call-log.js';
import { Waterfall } from '../waterfall-view.js';
import { AnswerBodyView } from './answer-body-view.js';
import type { CallState } from './running-call.js';
import type { CallAnswer } from './send-call.js';
import { serverTimingOf } from './server-timing.js';

/** What came of a call: the answer, where its time went, and what it printed. */
export function CallAnswerView({ name, state }: { readonly name: string; readonly state: CallState }) {
  const { answer, failure, isRunning, record } = state;
  return (
    <div class="stack" aria-busy={isRunning}>
      <p class="unseen" role="status">
        {isRunning ? 'Calling' : answer ? `Answered with ${statusOf(answer, record)}` : ''}
      </p>
      {failure !== undefined && (
        <Message tone="bad" title="No answer.">
          {failure}
        </Message>
      )}
      {isRunning && !answer && <Spinner label="Waiting for the answer" />}
      {answer && <Answered name={name} answer={answer} record={record} />}
    </div>
  );
}

interface AnsweredProps {
  readonly name: string;
  readonly answer: CallAnswer;
  readonly record: InvocationResponse | undefined;
}

function Answered({ name, answer, record }: AnsweredProps) {
  const timing = serverTimingOf(answer.serverTiming);
  const id = answer.invocationId ?? record?.id ?? null;
  const hasEnded = answer.state !== 'arriving';
  return (
    <>
      <div class="row">
        <Badge tone={toneOf(answer.status)}>{statusOf(answer, record)}</Badge>
        <span>{duration(answer.tookMs)}</span>
        <span class="muted">{bytes(answer.bytes.length)}</span>
        {answer.state === 'arriving' && <span class="muted">still arriving…</span>}
      </div>
      {answer.state === 'cut' && (
        <Message tone="warn" title="Only the beginning.">
          Reading stopped after {bytes(answer.bytes.length)}, and with it the call.
        </Message>
      )}
      {answer.state === 'broken' && (
        <Message tone="warn" title="Not the whole answer.">
          It ended in the middle: the function failed while it was sending, or you stopped it.
        </Message>
      )}
      {answer.status === 0 ? (
        <Message tone="info" title="A redirect.">
          The function sends its caller elsewhere. Browsers do not tell a page where to.
        </Message>
      ) : (
        <AnswerBodyView name={name} bytes={answer.bytes} contentType={answer.contentType} />
      )}
      <h3>Where the time went</h3>
      <Waterfall
        phases={{ ...(record?.phases ?? timing), measuredMs: hasEnded ? answer.tookMs : null }}
        origin={record?.origin ?? timing.origin}
      />
      {record && <Usage record={record} />}
      <details>
        <summary>{counted(answer.headers.length, 'header')}</summary>
        <dl class="pairs mono">
          {answer.headers.map(([header, value], index) => (
            <div key={index}>
              <dt>{header}</dt>
              <dd>
                <ForeignText text={value} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
      {id !== null && hasEnded && may('logs:read', name) && (
        <>
          <h3>What it printed</h3>
          <CallLog key={id} name={name} id={id} />
        </>
      )}
    </>
  );
}

function Usage({ record }: { readonly record: InvocationResponse }) {
  const { memoryPeakBytes, cpuTimeMs, version } = record;
  const parts = [
    `version ${version}`,
    memoryPeakBytes !== null && `${bytes(memoryPeakBytes)} of memory at most`,
    cpuTimeMs !== null && `${duration(cpuTimeMs)} of CPU time`,
  ];
  return <p class="hint">{parts.filter(Boolean).join(' · ')}</p>;
}

/** A redirect's status is in the record only. */
function statusOf({ status, statusText }: CallAnswer, record: InvocationResponse | undefined): string {
  if (status === 0) return record?.statusCode ? String(record.statusCode) : 'redirect';
  return statusText === '' ? String(status) : `${status} ${statusText}`;
}

function toneOf(status: number): Tone {
  if (status < 200) return 'info';
  if (status < 300) return 'good';
  if (status < 400) return 'info';
  return status < 500 ? 'warn' : 'bad';
}

import type { EventResultResponse } from '@glambdar/client';
import { useMemo } from 'preact/hooks';
import { bytes, counted } from '../../../format/units.js';
import { Badge } from '../../../parts/badge.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { AnswerBodyView } from '../call/answer-body-view.js';
import { bytesOf, headersOf } from './event-result.js';

export interface EventResultViewProps {
  readonly name: string;
  /** Undefined where the key may not see it; null where there is none. */
  readonly result: EventResultResponse | null | undefined;
}

/** What the handler answered, shown as the answer of a call is. */
export function EventResultView({ name, result }: EventResultViewProps) {
  if (result === undefined)
    return (
      <p class="muted">
        Your key may not see it: that needs <code>functions:invoke</code> or <code>logs:read</code>.
      </p>
    );
  if (result === null)
    return <p class="muted">None: no attempt has succeeded, or it was longer ago than a day.</p>;
  return <Result name={name} result={result} />;
}

function Result({ name, result }: { readonly name: string; readonly result: EventResultResponse }) {
  const content = useMemo(() => bytesOf(result), [result]);
  const headers = headersOf(result);
  const contentType = headers.find(([header]) => header.toLowerCase() === 'content-type')?.[1] ?? null;
  return (
    <>
      <div class="row">
        <Badge tone={result.status < 400 ? 'good' : 'warn'}>{`status ${result.status}`}</Badge>
        <span class="muted">{bytes(result.bytes)}</span>
      </div>
      {content ? (
        <AnswerBodyView name={name} bytes={content} contentType={contentType} />
      ) : (
        <p class="muted">The body was larger than the server keeps.</p>
      )}
      <details>
        <summary>{counted(headers.length, 'header')}</summary>
        <dl class="pairs mono">
          {headers.map(([header, value], index) => (
            <div key={index}>
              <dt>
                <ForeignText text={header} limit={200} />
              </dt>
              <dd>
                <ForeignText text={value} />
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

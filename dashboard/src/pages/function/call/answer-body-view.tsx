import { useEffect, useMemo, useState } from 'preact/hooks';
import { bytes as inBytes } from '../../../format/units.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { visibleText } from '../../../text/visible.js';
import { type AnswerBody, answerBodyOf, shownTextBytes } from './answer-body.js';

export interface AnswerBodyViewProps {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

/** The body of an answer as text, and all of it as a file. */
export function AnswerBodyView({ name, bytes, contentType }: AnswerBodyViewProps) {
  const body = useMemo(() => answerBodyOf(bytes, contentType), [bytes, contentType]);
  if (body.kind === 'empty') return <p class="muted">The answer has no body.</p>;
  return (
    <div class="answer-body">
      <pre class="console" tabIndex={0} role="region" aria-label="Body of the answer">
        <Shown body={body} />
      </pre>
      <div class="row">
        <span class="hint">{noteOf(body, bytes.length, contentType)}</span>
        <SaveLink name={name} bytes={bytes} />
      </div>
    </div>
  );
}

function Shown({ body }: { readonly body: Exclude<AnswerBody, { kind: 'empty' }> }) {
  if (body.kind === 'bytes') return <>{body.dump}</>;
  if (body.kind === 'text') return <ForeignText text={body.text} limit={shownTextBytes} />;
  return (
    <>
      {body.tokens.map(({ kind, text }, index) => (
        <span key={index} class={`json-${kind}`}>
          <ForeignText text={text} limit={shownTextBytes} />
        </span>
      ))}
    </>
  );
}

function noteOf(body: AnswerBody, length: number, contentType: string | null): string {
  const parts = [contentType === null ? 'no content type' : visibleText(contentType, 200)];
  if (body.kind === 'text' && length > shownTextBytes)
    parts.push(`the first ${inBytes(shownTextBytes)} are shown`);
  if (body.kind === 'bytes' && length > body.shownBytes)
    parts.push(`the first ${inBytes(body.shownBytes)} are shown`);
  if (body.kind === 'text' && body.note !== undefined) parts.push(body.note);
  return parts.join(' · ');
}

/** As bytes of no type, so that a browser saves them and never shows them. */
function SaveLink({ name, bytes }: { readonly name: string; readonly bytes: Uint8Array }) {
  const [href, setHref] = useState<string>();
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes.slice()], { type: 'application/octet-stream' }));
    setHref(url);
    return () => {
      URL.revokeObjectURL(url);
    };
  }, [bytes]);
  return (
    <a href={href} download={`${name}-answer`}>
      Save as a file
    </a>
  );
}

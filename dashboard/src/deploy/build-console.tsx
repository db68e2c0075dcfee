import { useLayoutEffect, useRef } from 'preact/hooks';
import { counted } from '../format/units.js';
import { ForeignText } from '../parts/foreign-text.js';
import type { BuildLog } from './build-log.js';

/** How near the end somebody must be for new lines to keep them there. */
const nearPx = 40;

/** What a build prints. It follows the end until somebody scrolls away from it. */
export function BuildConsole({ log }: { readonly log: BuildLog }) {
  const frame = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  const lines = log.lines.value;
  useLayoutEffect(() => {
    if (isAtEnd.current && frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [lines]);
  if (lines.length === 0) return null;
  return (
    <pre
      ref={frame}
      class="console build-console"
      role="log"
      aria-label="Build log"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearPx;
      }}
    >
      {log.forgotten.value > 0 && (
        <div class="muted">{counted(log.forgotten.value, 'earlier line')} not shown</div>
      )}
      {lines.map(({ number, stream, text }) => (
        <div key={number} class={stream === 'stderr' ? 'console-error' : undefined}>
          <ForeignText text={text} />
        </div>
      ))}
    </pre>
  );
}

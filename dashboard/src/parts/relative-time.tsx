import { useComputed } from '@preact/signals';
import { now } from '../clock.js';
import { dateTime, relative } from '../format/time.js';

/** "3 min ago", kept up to date; the exact time is its title. */
export function RelativeTime({
  at,
  never = 'never',
}: {
  readonly at: string | null;
  readonly never?: string;
}) {
  return at === null ? <span class="muted">{never}</span> : <Ago key={at} at={at} />;
}

function Ago({ at }: { readonly at: string }) {
  // Only the text changes, and only when it reads otherwise.
  const text = useComputed(() => relative(Date.parse(at), now.value));
  return (
    <time dateTime={at} title={dateTime(at)}>
      {text}
    </time>
  );
}

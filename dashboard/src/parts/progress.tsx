import { percent } from '../format/units.js';

/** For what takes a moment; shown only after a while, so that a quick answer does not flash. */
export function Spinner({ label = 'Loading' }: { readonly label?: string }) {
  return (
    <p class="waiting" role="status">
      <span class="spinner" aria-hidden="true" />
      <span>{label}…</span>
    </p>
  );
}

/** `part` from 0 to 1; undefined where nobody knows how far it is. */
export function Progress({ label, part }: { readonly label: string; readonly part: number | undefined }) {
  return (
    <label class="progress">
      <span>{label}</span>
      {part === undefined ? <progress /> : <progress value={part} max={1} />}
      <span class="progress-value">{part === undefined ? '' : percent(part)}</span>
    </label>
  );
}

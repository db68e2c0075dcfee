import { percent } from '../format/units.js';

/** Coloured from one failure in a hundred. */
export function ErrorRate({ rate }: { readonly rate: number | null }) {
  if (rate === null) return <span class="muted">–</span>;
  return <span class={rate >= 0.01 ? 'bad' : 'muted'}>{percent(rate)}</span>;
}

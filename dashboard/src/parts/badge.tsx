export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'neutral';

/** A short word on a coloured ground; the word says everything, the colour repeats it. */
export function Badge({ tone = 'neutral', children }: { readonly tone?: Tone; readonly children: string }) {
  return <span class={`badge badge-${tone}`}>{children}</span>;
}

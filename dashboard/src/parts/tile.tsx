import type { ComponentChildren } from 'preact';

export interface TileProps {
  readonly title: string;
  readonly value: ComponentChildren;
  /** What the number means. */
  readonly note?: ComponentChildren;
  /** How much of what there is, is taken: 0 to 1. */
  readonly taken?: number;
  readonly tone?: 'bad' | 'warn';
}

/** One number that matters now. Belongs into a `<dl class="tiles">`. */
export function Tile({ title, value, note, taken, tone }: TileProps) {
  return (
    <div class={`tile ${tone === undefined ? '' : `tile-${tone}`}`}>
      <dt>{title}</dt>
      <dd class="tile-value">{value}</dd>
      {note !== undefined && <dd class="tile-note">{note}</dd>}
      {taken !== undefined && (
        <dd>
          <meter
            min={0}
            max={1}
            high={0.95}
            low={0.85}
            optimum={0}
            value={taken}
            aria-label={`${title}: taken`}
          />
        </dd>
      )}
    </div>
  );
}

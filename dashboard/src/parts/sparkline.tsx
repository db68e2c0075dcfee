import { sparkPoints } from './spark.js';

const width = 96;
const height = 22;

/** A line without axes. The numbers stand beside it, so a screen reader hears only the label. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const points = sparkPoints(values, width, height - 2);
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <g transform="translate(0 1)">
        {points !== '' && (
          <polygon class="spark-area" points={`0,${height - 2} ${points} ${width},${height - 2}`} />
        )}
        <polyline class="spark-line" points={points} />
      </g>
    </svg>
  );
}

import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { dateTime, hourAndMinute } from '../format/time.js';
import { isDark } from '../theme.js';
import { plotOptions, type Series } from './plot-options.js';
import { Table } from './table.js';

export interface PlotProps {
  readonly title: string;
  /** One sentence that says what the lines show, for whoever does not see them. */
  readonly summary: string;
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  /** A value with its unit. */
  readonly format: (value: number) => string;
  /** Beside the title: what each value stands for. */
  readonly note?: string;
  /** Nothing lies between two whole numbers. */
  readonly isCounted?: boolean;
  readonly heightPx?: number;
}

/** Lines over time, with the values under the pointer in the legend, and as a table for whoever wants to read them. */
export function Plot({
  title,
  summary,
  times,
  series,
  format,
  note,
  isCounted = false,
  heightPx = 170,
}: PlotProps) {
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const pointed = useSignal<number | null>(null);
  const labels = series.map(({ label }) => label).join();

  useEffect(() => {
    const target = frame.current;
    if (!target) return undefined;
    const options = plotOptions(target, { series, format, isCounted, heightPx }, (index) => {
      pointed.value = index;
    });
    const drawn = new uPlot(options, data(times, series), target);
    const follow = new ResizeObserver(() => {
      drawn.setSize({ width: target.clientWidth, height: heightPx });
    });
    follow.observe(target);
    plot.current = drawn;
    return () => {
      follow.disconnect();
      drawn.destroy();
    };
    // Colours are read when it is made, so it is made anew with the theme; new values are only handed over.
  }, [isDark.value, labels, heightPx]);

  useEffect(() => {
    plot.current?.setData(data(times, series));
  }, [times, series]);

  const at = pointed.value;
  return (
    <figure class="card plot" aria-labelledby={id}>
      <figcaption class="plot-head">
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span class="muted">{note}</span>}
        <ul class="legend">
          {series.map(({ label, tone, values }) => (
            <li key={label}>
              <span class={`swatch swatch-${tone}`} aria-hidden="true" />
              {label}
              {at !== null && <b>{shown(values[at], format)}</b>}
            </li>
          ))}
          {at !== null && <li class="muted">{hourAndMinute((times[at] ?? 0) * 1000)}</li>}
        </ul>
      </figcaption>
      <div ref={frame} class="plot-frame" role="img" aria-label={summary} />
      <details class="plot-table">
        <summary>Values as a table</summary>
        <ValueTable title={title} times={times} series={series} format={format} />
      </details>
    </figure>
  );
}

function ValueTable({
  title,
  times,
  series,
  format,
}: Pick<PlotProps, 'title' | 'times' | 'series' | 'format'>) {
  return (
    <Table
      caption={title}
      rows={times.map((time, index) => ({ time, index })).reverse()}
      rowKey={({ time }) => time}
      columns={[
        { id: 'time', title: 'Time', isHeading: true, cell: ({ time }) => dateTime(time * 1000) },
        ...series.map(({ label, values }) => ({
          id: label,
          title: label,
          isNumber: true,
          cell: ({ index }: { index: number }) => shown(values[index], format),
        })),
      ]}
    />
  );
}

function data(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  return [[...times], ...series.map(({ values }) => [...values])];
}

function shown(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

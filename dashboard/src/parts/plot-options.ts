import type uPlot from 'uplot';
import { hourAndMinute } from '../format/time.js';

/** A colour with a meaning; styles/tokens.css says which it is in each theme. */
export type PlotTone = 'accent' | 'good' | 'warn' | 'bad' | 'quiet';

export interface Series {
  readonly label: string;
  readonly tone: PlotTone;
  /** As long as the times; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

export interface Drawing {
  readonly series: readonly Series[];
  readonly format: (value: number) => string;
  readonly isCounted: boolean;
  readonly heightPx: number;
}

const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];

/** How uPlot draws our lines, in the colours of the page around it. */
export function plotOptions(
  target: HTMLElement,
  { series, format, isCounted, heightPx }: Drawing,
  onPointed: (index: number | null) => void,
): uPlot.Options {
  const colours = getComputedStyle(target);
  const colour = (name: string) => resolvedColour(target, colours.getPropertyValue(`--${name}`).trim());
  const axis = {
    stroke: colour('text-muted'),
    grid: { stroke: colour('plot-grid'), width: 1 },
    ticks: { show: false },
    font: `11px ${colours.fontFamily}`,
  };
  return {
    width: target.clientWidth,
    height: heightPx,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 26,
        values: (_plot, ticks) => ticks.map((tick) => hourAndMinute(tick * 1000)),
      },
      {
        ...axis,
        space: 34,
        size: (_plot, labels) => axisWidth(labels),
        values: (_plot, ticks) => ticks.map(format),
        ...(isCounted && { incrs: wholeSteps }),
      },
    ],
    series: [
      {},
      ...series.map(({ label, tone }) => ({
        label,
        stroke: colour(`plot-${tone}`),
        width: 1.75,
        spanGaps: false,
        points: {
          size: 5,
          fill: colour(`plot-${tone}`),
          filter: (plot: uPlot, index: number) => lonely(plot.data[index] ?? []),
        },
      })),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          onPointed(cursor.idx ?? null);
        },
      ],
    },
  };
}

/** Values between two gaps: no line leads to them, so they are drawn as points. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const isGap = (index: number) => values[index] === null || values[index] === undefined;
  return Array.from(values, (_, index) => index).filter(
    (index) => !isGap(index) && isGap(index - 1) && isGap(index + 1),
  );
}

/** Room for the longest label, so that axes of plots above each other start where their labels do. */
function axisWidth(labels: readonly string[] | null): number {
  const longest = Math.max(...(labels ?? []).map(({ length }) => length), 0);
  return Math.max(34, 12 + longest * 6.6);
}

/** A canvas knows no `light-dark()`; the browser computes the colour for an element. */
function resolvedColour(parent: HTMLElement, value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

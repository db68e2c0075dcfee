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

/** How uPlot draws our lines, in the colours of the page around it. */
export function plotOptions(
  target: HTMLElement,
  series: readonly Series[],
  format: (value: number) => string,
  height: number,
  onPointed: (index: number | null) => void,
): uPlot.Options {
  const colours = getComputedStyle(target);
  const colour = (name: string) => colours.getPropertyValue(`--${name}`).trim();
  const resolved = (name: string) => resolvedColour(target, colour(name));
  const axis = {
    stroke: resolved('text-muted'),
    grid: { stroke: resolved('plot-grid'), width: 1 },
    ticks: { show: false },
    font: `11px ${colours.fontFamily}`,
  };
  return {
    width: target.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        values: (_plot, ticks) => ticks.map((tick) => hourAndMinute(tick * 1000)),
      },
      { ...axis, size: 64, space: 34, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, tone }) => ({
        label,
        stroke: resolved(`plot-${tone}`),
        width: 1.75,
        points: { show: false },
        spanGaps: false,
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

/** A canvas knows no `light-dark()`; the browser computes the colour for an element. */
function resolvedColour(parent: HTMLElement, value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

import type { LogLineResponse } from '@glambdar/client';
import { safeLine } from '../terminal/safe-text.js';
import type { StyleName } from '../terminal/style.js';
import type { View } from '../terminal/view.js';

export type LogLine = LogLineResponse;

const levelStyles: Readonly<Record<LogLine['level'], StyleName | undefined>> = {
  debug: 'dim',
  info: undefined,
  warn: 'yellow',
  error: 'red',
};

/**
 * A line as `GET /logs` writes it as text: time, level, stream, the first digits of the call's id, and what the function
 * printed. On a terminal the time is the person's own, and the stream is left out, since the level says as much.
 */
export function logLineView(line: LogLine): View {
  const { at, level, stream, invocationId } = line;
  const call = invocationId?.slice(0, 8) ?? '-';
  const text = `${safeLine(line.text)}${line.truncated ? ' … (cut)' : ''}`;
  const gap =
    line.droppedBytes === 0
      ? []
      : [`… ${line.droppedBytes} bytes were not kept, because the call printed too much`];
  return {
    onTerminal: ({ style }) => {
      const head = `${style('dim', localTime(at))} ${style('dim', call.padEnd(8))}`;
      const name = levelStyles[level];
      const shown = (words: string) => (name === undefined ? words : style(name, words));
      return [...gap.map((words) => style('dim', words)), shown(text)]
        .map((words) => `${head} ${shown(level.padEnd(5))} ${words}\n`)
        .join('');
    },
    inPipe: () =>
      [...gap.map((words) => ['runtime', words] as const), [stream, text] as const]
        .map(([from, words]) => `${at} ${level.padEnd(5)} ${from.padEnd(7)} ${call.padEnd(8)} ${words}\n`)
        .join(''),
  };
}

export function logLinesView(lines: readonly LogLine[]): View {
  const views = lines.map(logLineView);
  return {
    onTerminal: (screen) => views.map((view) => view.onTerminal(screen)).join(''),
    inPipe: () => views.map((view) => view.inPipe()).join(''),
  };
}

function localTime(iso: string): string {
  const date = new Date(iso);
  const [day, time] = [
    [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-'),
    [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':'),
  ];
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}

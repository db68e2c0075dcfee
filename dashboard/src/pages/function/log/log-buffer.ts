import type { LogLineResponse } from '@glambdar/client';

export type LogLevel = LogLineResponse['level'];
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A line of a function's log, or the place of lines that are not there. */
export type LogEntry =
  | { readonly kind: 'line'; readonly line: LogLineResponse }
  | { readonly kind: 'gap'; readonly id: string; readonly text: string };

/** The newest lines; `forgotten` counts those that were left out for them. */
export interface LogBuffer {
  readonly entries: readonly LogEntry[];
  readonly forgotten: number;
  readonly lastSequence: number;
}

export const emptyLog: LogBuffer = { entries: [], forgotten: 0, lastSequence: 0 };

/** As many lines stand in the page, and no line is longer: more is slow to draw, and `GET /logs/:name` has all. */
export const keptLines = 1000;

/** Lines in their order, each once: a stream that was lost begins again with what it may have sent before. */
export function withLines(log: LogBuffer, lines: readonly LogLineResponse[], most = keptLines): LogBuffer {
  const fresh = lines.filter(({ sequence }) => sequence > log.lastSequence);
  if (fresh.length === 0) return log;
  const lastSequence = fresh.at(-1)?.sequence ?? log.lastSequence;
  return bounded(
    { ...log, lastSequence },
    fresh.map((line): LogEntry => ({ kind: 'line', line })),
    most,
  );
}

/** Says in the log itself that something is missing from it. */
export function withGap(log: LogBuffer, text: string, most = keptLines): LogBuffer {
  const id = `gap-${log.lastSequence}-${log.entries.length}-${log.forgotten}`;
  return bounded(log, [{ kind: 'gap', id, text }], most);
}

function bounded(log: LogBuffer, added: readonly LogEntry[], most: number): LogBuffer {
  const all = [...log.entries, ...added];
  const excess = Math.max(0, all.length - most);
  return { ...log, entries: excess === 0 ? all : all.slice(excess), forgotten: log.forgotten + excess };
}

export interface LogFilter {
  /** This level and those above it. */
  readonly level: LogLevel;
  /** Text that a line contains, whatever the case of its letters; empty for every line. */
  readonly search: string;
}

/** What of the log is shown. A gap always is: it says that what one looks for may be missing. */
export function filtered(entries: readonly LogEntry[], { level, search }: LogFilter): readonly LogEntry[] {
  const least = logLevels.indexOf(level);
  const wanted = search.toLowerCase();
  return entries.filter(
    (entry) =>
      entry.kind === 'gap' ||
      (logLevels.indexOf(entry.line.level) >= least &&
        (wanted === '' ||
          entry.line.text.toLowerCase().includes(wanted) ||
          entry.line.invocationId?.startsWith(wanted) === true)),
  );
}

/** Whether someone who looks at the end of a list should be taken along when it grows. */
export function isAtEnd(box: { scrollTop: number; clientHeight: number; scrollHeight: number }): boolean {
  return box.scrollHeight - box.scrollTop - box.clientHeight < 24;
}

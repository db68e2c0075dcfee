import type { LogLineResponse } from '@glambdar/client';
import { Component } from 'preact';
import { counted } from '../../../format/units.js';
import { dateTime, timeOfDay } from '../../../format/time.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import type { LogEntry } from './log-buffer.js';

/** No line of the page is longer, whatever the server keeps. */
const shownCharacters = 2000;

export interface LogLinesProps {
  readonly entries: readonly LogEntry[];
  /** All are of one call, which then need not be named. */
  readonly isOneCall?: boolean;
}

/** Lines of a log: when, how bad, which call, and what it says. */
export function LogLines({ entries, isOneCall = false }: LogLinesProps) {
  return (
    <ol class={isOneCall ? 'log-lines log-one-call' : 'log-lines'}>
      {entries.map((entry) => (
        <Entry
          key={entry.kind === 'line' ? entry.line.sequence : entry.id}
          entry={entry}
          isOneCall={isOneCall}
        />
      ))}
    </ol>
  );
}

interface EntryProps {
  readonly entry: LogEntry;
  readonly isOneCall: boolean;
}

/** Lines never change, so what was drawn once is left alone: a busy log would draw a thousand of them anew for each that comes. */
class Entry extends Component<EntryProps> {
  override shouldComponentUpdate({ entry }: EntryProps): boolean {
    return entry !== this.props.entry;
  }

  override render() {
    const { entry, isOneCall } = this.props;
    return entry.kind === 'gap' ? (
      <li class="log-gap">{entry.text}</li>
    ) : (
      <Line line={entry.line} isOneCall={isOneCall} />
    );
  }
}

function Line({ line, isOneCall }: { readonly line: LogLineResponse; readonly isOneCall: boolean }) {
  const { at, level, stream, phase, invocationId, text, truncated, droppedBytes } = line;
  return (
    <>
      {droppedBytes > 0 && (
        <li class="log-gap">{counted(droppedBytes, 'byte')} before this were not kept.</li>
      )}
      <li class={`log-line log-${level}`}>
        <time dateTime={at} title={dateTime(at)}>
          {timeOfDay(at)}
        </time>
        <span class="log-level">{level}</span>
        {!isOneCall && (
          <span class="log-call" title={invocationId ?? `${phase}: outside calls`}>
            {invocationId === null ? phase : invocationId.slice(0, 8)}
          </span>
        )}
        <span class="log-text">
          {stream === 'runtime' && <span class="log-server">server</span>}
          <ForeignText text={text} limit={shownCharacters} />
          {truncated && <span class="omitted"> … the rest was not kept</span>}
        </span>
      </li>
    </>
  );
}

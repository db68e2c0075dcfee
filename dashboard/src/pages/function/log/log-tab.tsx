import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { count, counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { Field } from '../../../parts/field.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { LiveLog } from './live-log.js';
import { filtered, isAtEnd, type LogFilter, type LogLevel, logLevels } from './log-buffer.js';
import { LogLines } from './log-lines.js';
import { LogStatus } from './log-status.js';

/** What the function prints, as it prints it. */
export function LogTab({ name }: FunctionTabProps) {
  const log = useMemo(() => new LiveLog(name), [name]);
  useEffect(() => log.start(), [log]);
  const [filter, setFilter] = useState<LogFilter>({ level: 'debug', search: '' });
  const { entries, forgotten } = log.shown.value;
  const shown = useMemo(() => filtered(entries, filter), [entries, filter]);
  return (
    <div class="stack">
      <div class="filters" role="search" aria-label="Filter the log">
        <Field label="Level">
          {(control) => (
            <select
              {...control}
              class="select"
              value={filter.level}
              onChange={({ currentTarget }) => {
                setFilter({ ...filter, level: currentTarget.value as LogLevel });
              }}
            >
              {logLevels.map((level) => (
                <option key={level} value={level}>
                  {level === 'debug' ? 'All levels' : level === 'error' ? 'error' : `${level} and above`}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Search">
          {(control) => (
            <input
              {...control}
              class="input"
              type="search"
              placeholder="Text or call id"
              value={filter.search}
              onInput={({ currentTarget }) => {
                setFilter({ ...filter, search: currentTarget.value });
              }}
            />
          )}
        </Field>
        <div class="row filters-actions">
          <Button
            onClick={() => {
              log.setPaused(!log.isPaused.value);
            }}
          >
            {log.isPaused.value ? 'Follow' : 'Pause'}
          </Button>
          <Button
            onClick={() => {
              log.clear();
            }}
          >
            Clear
          </Button>
        </div>
      </div>
      <LogStatus log={log} />
      <Lines entries={shown} />
      <p class="hint">
        {entries.length === shown.length
          ? counted(shown.length, 'line')
          : `${count(shown.length)} of ${counted(entries.length, 'line')}`}
        {forgotten > 0 && `; ${counted(forgotten, 'older line')} left this page, and are kept by the server`}
      </p>
    </div>
  );
}

/** Goes along with the newest line as long as the reader is there. */
function Lines({ entries }: { readonly entries: Parameters<typeof LogLines>[0]['entries'] }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [entries]);
  return (
    <div
      ref={box}
      class="console log-box"
      role="log"
      aria-label="Log"
      aria-live="off"
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        follows.current = isAtEnd(currentTarget);
      }}
    >
      {entries.length === 0 ? (
        <p class="muted">Nothing to see. Call the function, or change the filter.</p>
      ) : (
        <LogLines entries={entries} />
      )}
    </div>
  );
}

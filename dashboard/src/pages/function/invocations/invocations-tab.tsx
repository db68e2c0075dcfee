import { useState } from 'preact/hooks';
import { usePolled } from '../../../api/use-polled.js';
import { counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { Empty } from '../../../parts/empty.js';
import { Loaded } from '../../../parts/loaded.js';
import type { FunctionTabProps } from '../function-tabs.js';
import {
  everything,
  type InvocationFilter,
  invocationsOf,
  type ListLength,
  listLengths,
} from './invocation-filter.js';
import { InvocationDialog } from './invocation-dialog.js';
import { InvocationFilters } from './invocation-filters.js';
import { InvocationTable } from './invocation-table.js';

/** How the function's calls went, the newest first. */
export function InvocationsTab({ name }: FunctionTabProps) {
  const [filter, setFilter] = useState<InvocationFilter>(everything);
  const [length, setLength] = useState<ListLength>(listLengths[0]);
  const [opened, setOpened] = useState<string>();
  return (
    <div class="stack">
      <InvocationFilters
        name={name}
        filter={filter}
        onChange={(chosen) => {
          setFilter(chosen);
          setLength(listLengths[0]);
        }}
      />
      <Invocations
        key={length}
        name={name}
        filter={filter}
        length={length}
        onLonger={setLength}
        onOpen={setOpened}
      />
      {opened !== undefined && (
        <InvocationDialog
          name={name}
          id={opened}
          onClose={() => {
            setOpened(undefined);
          }}
        />
      )}
    </div>
  );
}

interface InvocationsProps {
  readonly name: string;
  readonly filter: InvocationFilter;
  readonly length: ListLength;
  readonly onLonger: (length: ListLength) => void;
  readonly onOpen: (id: string) => void;
}

/** For each call that is listed: a long list is asked for less often. */
const refreshMsPerCall = 60;

function Invocations({ name, filter, length, onLonger, onOpen }: InvocationsProps) {
  const listed = usePolled(
    (signal) => invocationsOf(name, filter, length, signal),
    length * refreshMsPerCall,
    [name, filter],
  );
  const longer = listLengths.find((one) => one > length);
  return (
    <Loaded from={listed} what="the invocations">
      {(invocations) =>
        invocations.length === 0 ? (
          <Empty title={filter === everything ? 'No calls yet.' : 'No such calls.'}>
            <p>Calls are listed when they have ended; the oldest are forgotten first.</p>
          </Empty>
        ) : (
          <>
            <InvocationTable invocations={invocations} onOpen={onOpen} />
            <div class="row">
              <span class="hint">The last {counted(invocations.length, 'call')}</span>
              {invocations.length === length && longer !== undefined && (
                <Button
                  onClick={() => {
                    onLonger(longer);
                  }}
                >
                  Show older calls
                </Button>
              )}
            </div>
          </>
        )
      }
    </Loaded>
  );
}

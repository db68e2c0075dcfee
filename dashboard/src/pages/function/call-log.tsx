import { getLogs } from '@glambdar/client';
import { throwing } from '../../api/client.js';
import { usePolled } from '../../api/use-polled.js';
import { Loaded } from '../../parts/loaded.js';
import { LogLines } from './log/log-lines.js';

const shownLines = 200;

/** Lines come by another way than the answer, some of them after it, and nothing says which is the last. */
const refreshMs = 2000;

/** What one call printed. */
export function CallLog({ name, id }: { readonly name: string; readonly id: string }) {
  const page = usePolled(
    async (signal) => {
      const query = { invocation: id, limit: shownLines };
      const { data } = await getLogs({ ...throwing, path: { name }, query, signal });
      return data;
    },
    refreshMs,
    [name, id],
  );
  return (
    <Loaded from={page} what="what it printed">
      {({ lines, before }) => (
        <>
          {before !== null && <p class="hint">The last {lines.length} lines; there are more.</p>}
          {lines.length === 0 ? (
            <p class="muted">Nothing so far.</p>
          ) : (
            <div class="console" role="region" aria-label="What the call printed" tabIndex={0}>
              <LogLines entries={lines.map((line) => ({ kind: 'line', line }))} isOneCall />
            </div>
          )}
        </>
      )}
    </Loaded>
  );
}

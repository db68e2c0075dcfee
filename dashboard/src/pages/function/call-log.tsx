import { getLogs } from '@glambdar/client';
import { throwing } from '../../api/client.js';
import { useLoaded } from '../../api/use-polled.js';
import { Button } from '../../parts/button.js';
import { Loaded } from '../../parts/loaded.js';
import { LogLines } from './log/log-lines.js';

const shownLines = 200;

/** What one call printed. */
export function CallLog({ name, id }: { readonly name: string; readonly id: string }) {
  const page = useLoaded(
    async (signal) => {
      const query = { invocation: id, limit: shownLines };
      const { data } = await getLogs({ ...throwing, path: { name }, query, signal });
      return data;
    },
    [name, id],
  );
  return (
    <Loaded from={page} what="what it printed">
      {({ lines, before }) => (
        <>
          {before !== null && <p class="hint">The last {lines.length} lines; there are more.</p>}
          {lines.length === 0 ? (
            <p class="muted">
              It printed nothing.{' '}
              <Button look="quiet" onClick={() => void page.reload()}>
                Look again
              </Button>
            </p>
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

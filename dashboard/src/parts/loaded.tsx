import type { ComponentChildren } from 'preact';
import type { Poller } from '../api/poller.js';
import { Button } from './button.js';
import { Message } from './message.js';
import { Spinner } from './progress.js';

export interface LoadedProps<T> {
  readonly from: Poller<T>;
  /** What is being loaded: "the functions". */
  readonly what: string;
  readonly children: (data: T) => ComponentChildren;
}

/** Shows what was loaded; until then that it is loading, and why it could not be. What is old stays, and says so. */
export function Loaded<T>({ from, what, children }: LoadedProps<T>) {
  const data = from.data.value;
  const error = from.error.value;
  const retry = (
    <Button
      onClick={() => {
        void from.reload();
      }}
    >
      Try again
    </Button>
  );
  if (data === undefined && error === undefined) return <Spinner label={`Loading ${what}`} />;
  return (
    <>
      {error !== undefined && (
        <Message
          tone="bad"
          title={data === undefined ? `Could not load ${what}.` : `Could not refresh ${what}.`}
          action={retry}
        >
          {error.message}
        </Message>
      )}
      {data !== undefined && children(data)}
    </>
  );
}

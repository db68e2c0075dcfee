import { useEffect, useMemo, useRef } from 'preact/hooks';
import { Poller } from './poller.js';
import { isVisible } from './visibility.js';

/** Keeps asking while the component is shown; anew, and at once, when one of `inputs` changes. */
export function usePolled<T>(
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number,
  inputs: readonly unknown[],
): Poller<T> {
  const poller = useMemo(() => new Poller(load, everyMs, isVisible), []);
  const isFirst = useRef(true);
  useEffect(() => poller.start(), [poller]);
  useEffect(() => {
    if (!isFirst.current) void poller.ask(load);
    isFirst.current = false;
  }, inputs);
  return poller;
}

/** Asks once, and anew when one of `inputs` changes or when told to. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
): Poller<T> {
  return usePolled(load, 0, inputs);
}

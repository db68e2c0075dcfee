import { signal } from '@preact/signals';
import { isVisible } from './api/visibility.js';

/** The time, to the second, for what is told relative to it. */
export const now = signal(Date.now());

/** Call once, when the page starts. */
export function startClock(): void {
  setInterval(() => {
    if (isVisible.peek()) now.value = Date.now();
  }, 1000);
}

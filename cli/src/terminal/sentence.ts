import { safeLines } from './safe-text.js';
import type { View } from './view.js';

/** That something is done, in words. */
export function done(text: string): View {
  return {
    onTerminal: ({ style }) => `${style('green', '✓')} ${safeLines(text)}\n`,
    inPipe: () => `${safeLines(text)}\n`,
  };
}

/** Text alone, such as a value that was asked for. */
export function words(text: string): View {
  const line = `${safeLines(text)}\n`;
  return { onTerminal: () => line, inPipe: () => line };
}

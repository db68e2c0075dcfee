import { destination } from 'pino';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Where log lines go: an asynchronous, bounded buffer before standard output, written out when the process ends. */
export interface LogOutput {
  write(line: string): void;
  flushSync(): void;
}

const standardOutput = 1;

/** Lines are written together: a write for each of them would take an eighth of a warm call's time. */
const writtenTogetherBytes = 8 * 1024;

/** The longest that a line waits for others, and so what a `kill -9` may take from the log's end. */
const longestWaitMs = 100;

export function standardLogOutput({ logBufferBytes }: TelemetrySettings): LogOutput {
  const output = destination({
    dest: standardOutput,
    sync: false,
    minLength: writtenTogetherBytes,
    maxLength: logBufferBytes,
    periodicFlush: longestWaitMs,
  });
  // Nobody reads the log any more; the server goes on without one.
  output.on('error', () => undefined);
  process.once('exit', () => {
    output.flushSync();
  });
  return output;
}

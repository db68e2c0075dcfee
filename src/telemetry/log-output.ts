import { destination } from 'pino';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Where log lines go: an asynchronous, bounded buffer before standard output, written out when the process ends. */
export interface LogOutput {
  write(line: string): void;
  flushSync(): void;
}

const standardOutput = 1;

export function standardLogOutput({ logBufferBytes }: TelemetrySettings): LogOutput {
  const output = destination({ dest: standardOutput, sync: false, maxLength: logBufferBytes });
  // Nobody reads the log any more; the server goes on without one.
  output.on('error', () => undefined);
  process.once('exit', () => {
    output.flushSync();
  });
  return output;
}

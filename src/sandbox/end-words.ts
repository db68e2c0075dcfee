import { constants } from 'node:os';

/** Of a process that a signal ended; its exit code is that and the signal's number. */
const signalled = 128;

/** Of two names for one signal the first, as `SIGABRT`. */
const signalNames = new Map<number, string>(
  Object.entries(constants.signals)
    .reverse()
    .map(([name, number]) => [number, name]),
);

/** How a process ended, as `exit code 137 (SIGKILL)`. */
export function exitWords(exitCode: number | undefined): string {
  if (exitCode === undefined) return 'exit code unknown';
  const signal = exitCode > signalled ? signalNames.get(exitCode - signalled) : undefined;
  return `exit code ${exitCode}${signal === undefined ? '' : ` (${signal})`}`;
}

/** A sentence more, where it is known. */
export function peakWords(memoryPeakBytes: number | undefined): string {
  return memoryPeakBytes === undefined ? '' : ` Peak memory: ${mebibytes(memoryPeakBytes)}.`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

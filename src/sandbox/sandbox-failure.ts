import { DomainError } from '../common/errors/domain-error.js';

/** What is known when a container ended without an answer. */
export interface Ending {
  /** Undefined when the engine could not say. */
  readonly exitCode: number | undefined;
  /** The kernel killed a process of the container for memory. */
  readonly outOfMemory: boolean;
  /** The last lines the function printed. */
  readonly lastOutput: string;
  /** Undefined where the kernel could not say. */
  readonly memoryPeakBytes: number | undefined;
}

/** The `cause` of an error for a call that was cut short: what its log and the server's say beside the sentence. */
export type EndFacts = Partial<Pick<Ending, 'exitCode' | 'memoryPeakBytes'>>;

/** V8 aborts on a full heap; depending on where, that is SIGABRT, SIGTRAP or SIGSEGV seen from outside. */
const heapAbortExitCodes = new Set([133, 134, 139]);
const heapAbortMarker = /heap out of memory|Reached heap limit|Fatal process out of memory/;

/** The error for a call whose container ended before it answered. */
export function endedBeforeAnswer(ending: Ending): DomainError {
  const output = ending.lastOutput === '' ? {} : { output: ending.lastOutput };
  const { exitCode, memoryPeakBytes } = ending;
  const cause = { exitCode, memoryPeakBytes } satisfies { [F in keyof EndFacts]: unknown };
  if (isOutOfMemory(ending)) {
    return new DomainError(
      'FUNCTION_OUT_OF_MEMORY',
      'The function used more memory than it may; use less or give it more.',
      output,
      { cause },
    );
  }
  return new DomainError(
    'FUNCTION_EXITED',
    'The function ended its process before it answered; its log may say why.',
    output,
    { cause },
  );
}

function isOutOfMemory({ exitCode, outOfMemory, lastOutput }: Ending): boolean {
  if (outOfMemory) return true;
  return exitCode !== undefined && heapAbortExitCodes.has(exitCode) && heapAbortMarker.test(lastOutput);
}

import type { BuilderStep } from '../src/builds/protocol/messages.js';

/** A step did not do what was asked for. The message is for whoever deploys: what failed, and what to do. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';

  constructor(
    readonly step: BuilderStep,
    message: string,
    /** Of the program that failed; null where none ran, or a signal ended it. */
    readonly exitCode: number | null = null,
  ) {
    super(message);
  }
}

const tooLittleRoom =
  'The build ran out of disk space. Use fewer or smaller packages, or ask the operator to raise GLAMBDAR_BUILD_DISK_MIB.';

/** What any error in a step means to whoever deploys. */
export function stepFailureOf(step: BuilderStep, error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return new StepFailure(step, tooLittleRoom);
  return new StepFailure(step, `The step failed: ${message}`);
}

export { tooLittleRoom };

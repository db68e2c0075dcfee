import { DomainError, type ErrorDetails } from '../common/errors/domain-error.js';
import type { BuildStep } from './build-journal.js';

/** A build that failed through what was uploaded, or through a registry. `message`: what happened and what to do. */
export class BuildFailure extends Error {
  override readonly name = 'BuildFailure';

  constructor(
    readonly step: BuildStep,
    message: string,
    readonly reason?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What whoever deploys is told of it. */
export function buildFailed(failure: BuildFailure, details: ErrorDetails): DomainError {
  const { step, message, reason } = failure;
  return new DomainError(
    'BUILD_FAILED',
    `Nothing was changed: the step ${step} of the build failed. ${message}`,
    { ...(reason === undefined ? {} : { reason }), ...details },
    { cause: failure },
  );
}

import { DomainError } from '../common/errors/domain-error.js';
import { EngineError } from './engine/container-engine.js';

/** When a caller should try again: the engine is probed this often while it is down. */
const retryAfterMs = 1000;

export const draining = () =>
  new DomainError('DRAINING', 'The server is shutting down; send the call again shortly.');

export const launchesFull = () =>
  new DomainError('OVERLOADED', 'Too many containers are being started; try again shortly.', {
    retryAfterMs,
  });

export const unavailable = (cause?: unknown) =>
  new DomainError(
    'RUNTIME_UNAVAILABLE',
    'No container can be started at the moment; try again shortly.',
    { retryAfterMs },
    { cause },
  );

/** Maps a failed launch to the caller's error. Errors that are not the engine's stay as they are. */
export function launchFailure(error: unknown, runtime: string): unknown {
  if (!(error instanceof EngineError)) return error;
  switch (error.kind) {
    case 'image-missing':
      return new DomainError(
        'IMAGE_MISSING',
        `The image of ${runtime} is missing; ask the server's operator to build it.`,
        {},
        { cause: error },
      );
    case 'unreachable':
    case 'timeout':
    case 'gone':
    case 'conflict':
    case 'refused':
      return unavailable(error);
    default:
      return error.kind satisfies never;
  }
}

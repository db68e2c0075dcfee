import { EngineError } from '../container-engine.js';

/** Whatever goes wrong is the engine's refusal, unless it says better. */
export async function asEngine<T>(operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const message = error instanceof Error ? error.message : 'unknown failure';
    throw new EngineError('refused', `${operation}: ${message}`, { cause: error });
  }
}

/** What lasts as long as a container does, or until its caller no longer wants to know. */
export async function untilGivenUp<T>(
  operation: string,
  signal: AbortSignal,
  answer: Promise<T>,
): Promise<T> {
  const givenUp = Promise.withResolvers<never>();
  const giveUp = () => {
    givenUp.reject(new EngineError('timeout', `${operation}: given up by the caller`));
  };
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp);
  try {
    return await Promise.race([answer, givenUp.promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

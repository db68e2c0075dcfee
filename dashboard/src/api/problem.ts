import type { Problem } from '@glambdar/client';

/** Why a request failed, in the sentence that a person reads: the server's own where it gave one. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    message: string,
    /** Zero where no answer came. */
    readonly status: number,
    readonly problem: Problem | undefined,
  ) {
    super(message);
  }

  get code(): string | undefined {
    return this.problem?.code;
  }

  /** Which field of the request broke a rule. */
  get field(): string | undefined {
    return this.problem?.field;
  }
}

const unreachable = 'The server does not answer. Check that it runs and that you are connected to it.';

/** `body` is what the server answered, parsed where it was JSON, or what the browser threw. */
export function errorOf(body: unknown, status: number | undefined): ApiError {
  if (body instanceof ApiError) return body;
  if (status === undefined) return new ApiError(unreachable, 0, undefined);
  if (isProblem(body)) return new ApiError(body.detail, status, body);
  return new ApiError(`The server answered with status ${status} and did not say why.`, status, undefined);
}

/** The sentence for a person, whatever was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A request that was taken back is no failure. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'detail' in body && typeof body.detail === 'string';
}

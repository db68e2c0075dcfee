import { randomUUID } from 'node:crypto';
import type { DeployedFunction } from '../../../src/functions/function.js';
import type { NextRevision } from '../../../src/functions/store/function-store.js';

/** The change that makes a function `next`, from the revision before it. */
export function changeOf(next: DeployedFunction, forgets: readonly string[] = []): NextRevision {
  return { next, replaces: next.revision - 1, changeId: randomUUID(), forgets };
}

import { allows, allowsServer, nobody, type Scope } from './permissions.js';
import { session } from './session.js';

/** Whether to offer what needs this scope, for this function or for any. A component that asks follows the answer. */
export function may(scope: Scope, functionName?: string): boolean {
  return allows(session.value ?? nobody, scope, functionName);
}

/** Whether to offer what is about the whole server. */
export function mayOnServer(scope: Scope): boolean {
  return allowsServer(session.value ?? nobody, scope);
}

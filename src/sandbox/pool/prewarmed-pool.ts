import type { Sandbox } from '../sandbox.js';
import { FailureBackOff } from './back-off.js';

/** Booted sandboxes without a function. Holds state only; `Provisioner` fills it. */
export class PrewarmedPool {
  provisioning = 0;
  readonly backOff = new FailureBackOff();
  private readonly sandboxes: Sandbox[] = [];

  get count(): number {
    return this.sandboxes.length;
  }

  keep(sandbox: Sandbox): void {
    this.sandboxes.push(sandbox);
    this.backOff.succeeded();
  }

  /** The oldest first: it has had the longest time to become idle. */
  take(): Sandbox | undefined {
    return this.sandboxes.shift();
  }

  /** Forgets a sandbox; false when it was not among them. */
  drop(sandbox: Sandbox): boolean {
    const index = this.sandboxes.indexOf(sandbox);
    if (index >= 0) this.sandboxes.splice(index, 1);
    return index >= 0;
  }
}

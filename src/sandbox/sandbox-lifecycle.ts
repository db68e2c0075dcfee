import { Injectable } from '@nestjs/common';
import { warnOfForeign } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { IpcService } from '../ipc/ipc.service.js';
import { SandboxService } from './sandbox.service.js';

/**
 * Starts and stops the sandboxes with the server, and keeps the pools in step with the functions: nothing is kept ready
 * for one that is deleted or broken.
 */
@Injectable()
export class SandboxLifecycle {
  constructor(
    private readonly sandboxes: SandboxService,
    private readonly functions: FunctionRegistry,
    private readonly events: FunctionEvents,
    private readonly ipc: IpcService,
    private readonly log: Log,
  ) {}

  /**
   * The containers of an earlier server are gone by now, so their sockets can go too. A restart provisions nothing ahead
   * of calls except each function's minimum.
   */
  async start(): Promise<void> {
    warnOfForeign(this.log, await this.ipc.sweep());
    this.events.onReplaced((before, after) => {
      this.sandboxes.replace(before, after);
    });
    const forget = (gone: DeployedFunction) => {
      this.sandboxes.forget(gone);
    };
    this.events.onDeleted(forget);
    this.events.onBroken(forget);
    const whole = this.functions.list().filter(({ version }) => !this.functions.isBroken(version.id));
    this.sandboxes.start(whole.filter(({ settings }) => settings.minContainers > 0));
  }

  stop(): Promise<void> {
    return this.sandboxes.shutDown();
  }
}

import { Injectable } from '@nestjs/common';
import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import { Log } from '../common/log/log.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { IpcService } from '../ipc/ipc.service.js';
import { SandboxService } from './sandbox.service.js';

/** Starts and stops the sandboxes with the server, and keeps none ready for a function whose code is found damaged. */
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
   * of calls but what a function's minimum asks for.
   */
  async start(): Promise<void> {
    warnOfForeign(this.log, await this.ipc.sweep());
    this.events.onBroken((broken) => {
      this.sandboxes.forget(broken);
    });
    const whole = this.functions.list().filter(({ version }) => !this.functions.isBroken(version.id));
    this.sandboxes.start(whole.filter(({ settings }) => settings.minContainers > 0));
  }

  stop(): Promise<void> {
    return this.sandboxes.shutDown();
  }
}

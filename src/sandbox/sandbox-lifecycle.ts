import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import { Log } from '../common/log/log.js';
import { Candidates } from '../deployment/candidates.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { DeployedFunction } from '../functions/function.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { IpcService } from '../ipc/ipc.service.js';
import { SandboxCandidateCheck } from '../deployment/sandbox-candidate-check.js';
import { SandboxService } from './sandbox.service.js';

/** Begins and ends the sandboxes with the server, and follows the functions as they change and go. */
@Injectable()
export class SandboxLifecycle implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly sandboxes: SandboxService,
    private readonly candidates: Candidates,
    private readonly candidateCheck: SandboxCandidateCheck,
    private readonly functions: FunctionRegistry,
    private readonly events: FunctionEvents,
    private readonly ipc: IpcService,
    private readonly log: Log,
  ) {}

  /** The containers of an earlier server are gone by now, so their sockets can go too. */
  async onModuleInit(): Promise<void> {
    warnOfForeign(this.log, await this.ipc.sweep());
    this.candidates.use(this.candidateCheck);
    this.events.onReplaced((before, after) => {
      this.sandboxes.replace(before, after);
    });
    const forget = (gone: DeployedFunction) => {
      this.sandboxes.forget(gone);
    };
    this.events.onDeleted(forget);
    this.events.onBroken(forget);
  }

  /** A restart makes nothing ahead of calls but what a function's minimum asks for. */
  onApplicationBootstrap(): void {
    const whole = this.functions.list().filter(({ version }) => !this.functions.isBroken(version.id));
    this.sandboxes.begin(whole.filter(({ settings }) => settings.minContainers > 0));
  }

  onApplicationShutdown(): Promise<void> {
    return this.sandboxes.shutDown();
  }
}

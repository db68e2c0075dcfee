import {
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { DeployService } from '../functions/deploy/deploy.service.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { IpcService } from '../ipc/ipc.service.js';
import { SandboxCandidateCheck } from './sandbox-candidate-check.js';
import { SandboxService } from './sandbox.service.js';

/** Begins and ends the sandboxes with the server, and follows the functions as they come and go. */
@Injectable()
export class SandboxLifecycle implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly sandboxes: SandboxService,
    private readonly deploys: DeployService,
    private readonly candidateCheck: SandboxCandidateCheck,
    private readonly functions: FunctionRegistry,
    private readonly events: FunctionEvents,
    private readonly ipc: IpcService,
  ) {}

  /** The containers of an earlier server are gone by now, so their sockets can go too. */
  async onModuleInit(): Promise<void> {
    await this.ipc.sweep();
    this.deploys.useCandidateCheck(this.candidateCheck);
    this.events.onDeleted((deleted) => {
      this.sandboxes.forget(deleted);
    });
  }

  /** A restart makes nothing ahead of calls but what a function's minimum asks for. */
  onApplicationBootstrap(): void {
    this.sandboxes.begin(this.functions.list().filter(({ settings }) => settings.minContainers > 0));
  }

  onApplicationShutdown(): Promise<void> {
    return this.sandboxes.shutDown();
  }
}
